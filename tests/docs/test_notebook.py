"""The notebook runs as it stands, is stored with what a run shows, and its ranker is one.

After a change, run it anew and store it:
`.venv/bin/jupyter execute --inplace docs/notebook.ipynb`.
"""

import ast
import re
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from scipy import sparse
from sklearn.base import clone

from recommender.rankers import Ranker, Responses
from tests.docs.test_what_is_named_exists import calls, links, misuse, prose, targets

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"
LARGEST = 300_000
MOST_LINES = 20
ABSOLUTE = re.compile(
    r"(?<![\w.:/])/(?:tmp|home|root|usr|var|opt|mnt|srv|private|Users)/|\b[A-Z]:\\"
)


@pytest.fixture(scope="module")
def stored() -> NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """An empty folder to run in; whatever a kernel keeps or makes for a while is kept near it."""
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("TMPDIR", "here"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "TMPDIR"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return tmp_path / "here"


def run(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Return a copy as it is once every cell has run.

    Raises:
        CellExecutionError: If one fails.
    """
    copy = nbformat.from_dict(notebook)
    where = {"metadata": {"path": str(folder)}}
    return NotebookClient(copy, timeout=120, kernel_name="python3", resources=where).execute()


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text(notebook: NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def shown(notebook: NotebookNode) -> list[list[set[str]]]:
    """Return what each cell shows: the name of a stream, or the forms of a table or a picture."""
    return [
        [{output.name} if "name" in output else set(output.data) for output in cell.outputs]
        for cell in code(notebook)
    ]


def ranker_cell(notebook: NotebookNode) -> str:
    (found,) = [cell.source for cell in code(notebook) if "(RankerBase)" in cell.source]
    return found


def test_it_runs_shows_what_is_stored_and_leaves_nothing_behind(stored, here):
    ran = run(stored, here)
    assert [cell.execution_count for cell in code(ran)] == list(range(1, len(code(ran)) + 1))
    assert shown(stored) == shown(ran)
    forms = {form for cell in shown(ran) for output in cell for form in output}
    assert forms == {"stdout", "text/plain", "text/html", "image/png"}
    assert list(here.iterdir()) == []
    assert list((here.parent / "TMPDIR").iterdir()) == []


def test_a_cell_that_fails_is_found(here):
    cells = [nbformat.v4.new_code_cell(source) for source in ("1", "1 / 0", "2")]
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run(nbformat.v4.new_notebook(cells=cells), here)


def test_it_was_stored_after_one_run_from_top_to_bottom(stored):
    assert [cell.execution_count for cell in code(stored)] == list(range(1, len(code(stored)) + 1))
    for cell in code(stored):
        assert bool(cell.outputs) >= ("print(" in cell.source)
    assert stored.metadata.kernelspec.name == "python3"


def test_it_is_small_and_tells_nothing_of_the_machine(stored):
    content = NOTEBOOK.read_text("utf-8")
    assert len(content.encode()) < LARGEST
    assert sys.prefix not in content
    words = [cell.source for cell in stored.cells] + [
        str(form)
        for cell in code(stored)
        for output in cell.outputs
        for kind, form in output.get("data", {"text/plain": output.get("text", "")}).items()
        if kind.startswith("text/")
    ]
    assert [found for each in words for found in ABSOLUTE.findall(each)] == []


def test_every_figure_comes_from_a_cell(stored):
    assert re.findall(r".*\d.*", prose(text(stored))) == []


def test_it_says_that_the_world_is_simulated(stored):
    assert "SIMULATED" in stored.cells[0].source


def test_what_it_names_exists(stored):
    assert {word for words in calls("make", text(stored)) for word in words} <= targets()
    assert [fault for words in calls("smedx", text(stored)) if (fault := misuse(words))] == []
    assert {"model.md", "benchmark.md"} <= set(links(text(stored)))
    assert [link for link in links(text(stored)) if not (NOTEBOOK.parent / link).exists()] == []
    for path in re.findall(r"`((?:recommender|tests|docs)/[\w./]+)`", text(stored)):
        assert (NOTEBOOK.parents[1] / path).exists(), path


def test_its_ranker_is_short(stored):
    lines = [line for line in ranker_cell(stored).splitlines() if line.strip()]
    assert 10 < len(lines) <= MOST_LINES


def test_its_ranker_keeps_the_contract(stored):
    """The core of it: contributions add up, one scores as in a batch, fitting is deterministic."""
    names: dict[str, object] = {"__name__": "notebook"}
    first = ast.parse(code(stored)[0].source).body
    imports = [ast.unparse(node) for node in first if isinstance(node, ast.Import | ast.ImportFrom)]
    exec("\n".join([*imports, ranker_cell(stored)]), names)
    (kind,) = [each for each in names.values() if getattr(each, "__module__", "") == "notebook"]
    random = np.random.default_rng(3)
    profiles, interactions, history, examined, strength = (
        sparse.csr_array((random.random((60, columns)) < 0.3).astype(float))
        for columns in (7, 5, 5, 5, 5)
    )
    responses = Responses(examined, strength.multiply(examined).tocsr())
    ranker = clone(kind()).fit(profiles, interactions)
    assert isinstance(ranker, Ranker)
    scores = ranker.score(profiles, history)
    assert scores.shape == (60, 5)
    assert np.array_equal(
        scores, clone(ranker).fit(profiles, interactions).score(profiles, history)
    )
    ranker = clone(ranker).fit(profiles, interactions, responses=responses)
    told = ranker.score(profiles, history)
    assert not np.allclose(scores, told)
    scores = told
    for row in range(5):
        asked = profiles[[row]].nonzero()[1], history[[row]].nonzero()[1]
        assert ranker.score_one(*asked) == pytest.approx(scores[row], abs=1e-9)
        for platform in range(5):
            total = ranker.contributions(*asked, platform).total
            assert total == pytest.approx(scores[row, platform], abs=1e-9)
