"""Imports point one way, as `design.md` draws them: read from the code, nothing is run."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LEVELS = (
    {"domain"},
    {"profiles", "estimator"},
    {"features"},
    {"engagement"},
    {"rankers", "calibration"},
    {"model"},
    {"policy", "fallback"},
    {"evaluation", "simulation"},
    {"training"},
    {"benchmark", "closed_loop"},
)
"""Parts of `recommender`: each may import itself and what stands above it here."""

OF_THE_WEB_OR_A_DATABASE = {
    "alembic",
    "click",
    "litestar",
    "psycopg",
    "sqlalchemy",
    "sqlite3",
    "uvicorn",
}


OF_THE_NETWORK = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "requests",
    "socket",
    "urllib.request",
    "urllib3",
}
"""What calls other servers. The database has its own driver; Uvicorn listens."""


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Find what a file imports, wherever it does so: dotted names with their lines."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: expected an absolute import"
            assert node.module
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def found(package: str, wrong: object) -> list[str]:
    """Return each import of a package that `wrong(path, name)` holds of, with its place."""
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources(package)
        for name, line in imports_of(path)
        if wrong(path, name)  # type: ignore[operator]
    ]


def level_of(name: str) -> int:
    """Return the level of a dotted name in `recommender`."""
    part = name.split(".")[1]
    return next(number for number, parts in enumerate(LEVELS) if part in parts)


def test_the_model_knows_nothing_of_the_service() -> None:
    assert found("recommender", lambda _, name: name.split(".")[0] in {"service", "tests"}) == []


def test_the_model_knows_nothing_of_the_web_or_of_a_database() -> None:
    def wrong(_: Path, name: str) -> bool:
        return name.split(".")[0] in OF_THE_WEB_OR_A_DATABASE

    assert found("recommender", wrong) == []


def test_the_service_calls_no_other_server() -> None:
    def wrong(_: Path, name: str) -> bool:
        return any(name == each or name.startswith(f"{each}.") for each in OF_THE_NETWORK)

    assert found("service", wrong) + found("recommender", wrong) == []


def test_the_service_knows_nothing_of_the_tests() -> None:
    assert found("service", lambda _, name: name.split(".")[0] == "tests") == []


def test_every_part_of_the_model_has_its_level() -> None:
    parts = {path.stem for path in (ROOT / "recommender").glob("*.py")} - {"__init__"}
    parts |= {path.parent.name for path in (ROOT / "recommender").glob("*/__init__.py")}
    assert parts == set().union(*LEVELS)


def test_each_part_of_the_model_imports_only_what_stands_before_it() -> None:
    def wrong(path: Path, name: str) -> bool:
        importer = module_of(path)
        if name.split(".")[0] != "recommender" or importer == "recommender":
            return False
        same = importer.split(".")[1] == name.split(".")[1]
        return not same and level_of(name) >= level_of(importer)

    assert found("recommender", wrong) == []


@pytest.mark.parametrize("package", ["recommender", "service"])
def test_no_module_imports_itself_by_way_of_others(package: str) -> None:
    modules = {module_of(path) for path in sources(package)}

    def target(name: str) -> str:
        return name if name in modules else name.rpartition(".")[0]

    graph = {
        module_of(path): {target(name) for name, _ in imports_of(path)}
        & modules - {module_of(path)}
        for path in sources(package)
    }
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
