"""Whatever the documents name is there: make targets, commands, files, pictures and tests."""

import ast
import re
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from service.cli import main

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "data/**/*.md", "models/README.md")
    for path in ROOT.glob(pattern)
)

FENCED = re.compile(r"^(```+|~~~+).*?\n(.*?)^\1", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
DEFINED = re.compile(r"^\[[^\]]+\]:\s*<?(\S+?)>?\s*$", re.MULTILINE)
TEST = re.compile(r"`(tests/\S+\.py)::(\w+)`")
IN_HTML = re.compile(r"\b(?:src|href)=\"([^\"]+)\"")


def code(text: str) -> list[str]:
    """Return the code of a document, its lines joined where they end in a backslash."""
    fenced = [body for _, body in FENCED.findall(text)]
    inline = [body for _, body in INLINE.findall(FENCED.sub("", text))]
    return [" ".join(body.replace("\\\n", " ").split(" ")) for body in fenced + inline]


def prose(text: str) -> str:
    return INLINE.sub("", FENCED.sub("", text))


def links(text: str) -> list[str]:
    """Return what a document refers to in this repository."""
    text = prose(text)
    found = [*LINK.findall(text), *DEFINED.findall(text), *IN_HTML.findall(text)]
    return [link for link in found if not re.match(r"[a-z][a-z0-9+.-]*:|#|//", link)]


def calls(program: str, text: str) -> list[list[str]]:
    """Return the words behind each call of a program in the code of a document."""
    start = rf"(?:^|[;&|$(]\s*|\s&&\s|/){program}((?:[ \t]+[^\s;&|#)]+)*)"
    return [
        match.group(1).split()
        for body in code(text)
        for match in re.finditer(start, body, re.MULTILINE)
    ]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):(?!=)", (ROOT / "Makefile").read_text("utf-8"), re.M))


def misuse(words: list[str]) -> str | None:
    """Return what is wrong with a call of smedx, or None."""
    command: click.Command = main
    options = {option for parameter in command.params for option in parameter.opts}
    for word in words:
        if word.startswith("--"):
            if word.partition("=")[0] not in {*options, "--help", "--version"}:
                return f"{command.name} has no option {word}"
        elif isinstance(command, click.Group):
            found = command.get_command(click.Context(command), word)
            if found is None:
                return f"{command.name} has no command {word}"
            command = found
            options = {option for parameter in command.params for option in parameter.opts}
    return None


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def document(request) -> Path:
    return request.param


def test_every_make_target_exists(document):
    named = [
        word
        for words in calls("make", document.read_text("utf-8"))
        for word in words
        if re.fullmatch(r"[a-z-]+", word)
    ]
    assert set(named) <= targets()


def test_every_command_exists(document):
    found = {
        " ".join(words): misuse(words) for words in calls("smedx", document.read_text("utf-8"))
    }
    assert {call: fault for call, fault in found.items() if fault} == {}


def test_every_file_and_picture_exists(document):
    broken = [
        link
        for link in links(document.read_text("utf-8"))
        if not (document.parent / unquote(link.partition("#")[0])).exists()
    ]
    assert broken == []


def test_every_test_exists(document):
    named = TEST.findall(document.read_text("utf-8"))
    trees = {path: ast.parse((ROOT / path).read_text("utf-8")) for path, _ in named}
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    there = {
        (path, node.name)
        for path, tree in trees.items()
        for node in tree.body
        if isinstance(node, functions)
    }
    assert set(named) <= there


def test_the_readme_names_the_two_commands_and_shows_a_picture():
    text = (ROOT / "README.md").read_text("utf-8")
    assert {"run", "test"} <= {word for words in calls("make", text) for word in words}
    assert any(link.endswith((".png", ".svg", ".jpg")) for link in links(text))


def test_names_are_found_wherever_a_document_has_them():
    text = """Make sure, `make run`, [a](b.md#c), ![p](<d/e.png> "P"), <img src="f.svg">, [g][h]

```console
cd x && make test \\
  lint  # comment
PORT=1 .venv/bin/smedx data validate --help; smedx serve
```
[h]: i.md
[w](https://example.org) [m](mailto:a@b) [s](#section) `[code](no.md)`
"""
    assert calls("make", text) == [["test", "lint"], ["run"]]
    assert calls("smedx", text) == [["data", "validate", "--help"], ["serve"]]
    assert links(text) == ["b.md#c", "d/e.png", "i.md", "f.svg"]
    assert misuse(["data", "validate", "--help"]) is None
    assert misuse(["data", "invalidate"]) == "data has no command invalidate"
    assert misuse(["serve", "--fast"]) == "serve has no option --fast"
    assert {"help", "run", "test"} <= targets()
