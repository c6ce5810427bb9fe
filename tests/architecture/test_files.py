"""What holds of every file, and of what the project asks to be installed."""

import ast
import re
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 400

FOUND_BY_NAME = {
    "httptools": "uvicorn",
    "psycopg": "sqlalchemy",
    "pyyaml": "msgspec",
}
"""Dependencies that no code imports: the library named here finds and imports them."""

OPTIONAL = {"opentelemetry"}
"""What the extra `telemetry` brings, imported only where it is asked for."""


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def imported() -> set[str]:
    """Return the top-level name of everything that the installed packages import."""
    names = set()
    for path in python_files("recommender", "service"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    return names


@cache
def providers() -> dict[str, list[str]]:
    """Return the distributions, by normalised name, that provide each top-level module."""
    return {
        name: [each.lower().replace("_", "-") for each in distributions]
        for name, distributions in packages_distributions().items()
    }


def dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [re.split(r"[\[<>=!; ]", line)[0] for line in project["dependencies"]]


def test_no_python_file_is_longer_than_four_hundred_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in python_files("recommender", "service", "clients", "tests", "benchmarks")
    }
    assert len(lengths) > 50
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


@pytest.mark.parametrize("dependency", dependencies())
def test_every_dependency_is_imported(dependency: str) -> None:
    names = {name for name, distributions in providers().items() if dependency in distributions}
    if dependency in FOUND_BY_NAME:
        assert names & imported() == set(), f"{dependency} is imported: take it off the list"
        names = {FOUND_BY_NAME[dependency]}
    assert names & imported()


def test_every_third_party_import_is_a_dependency() -> None:
    names = imported() - {"recommender", "service"} - OPTIONAL
    needed = {distribution for name in names for distribution in providers().get(name, [])}
    assert needed <= set(dependencies())
