"""The first call of the README works as it stands there, and answers what stands below it.

A block is found by the comment before it: `<!-- test: first-call -->` stands before the call with
curl, `<!-- test: first-answer -->` before its answer. The answer may leave out what it likes.
"""

import json
import re
import shlex
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from litestar.testing import TestClient

from recommender.domain import BusinessProfile, Reference
from recommender.training.registry import Registry
from recommender.training.snapshot import open_snapshot
from recommender.training.train import train
from service.app import create_app
from service.settings import Settings

README = Path(__file__).parents[2] / "README.md"


def block(name: str) -> str:
    """Return the fenced block behind the comment of this name."""
    fenced = rf"<!-- test: {name} -->\n```\w+\n(.*?)\n```"
    found = re.findall(fenced, README.read_text("utf-8"), re.DOTALL)
    assert len(found) == 1, f"README.md has {len(found)} blocks behind <!-- test: {name} -->"
    return found[0]


@pytest.fixture
def models(reference: Reference, write_lists: Callable[..., Path], tmp_path: Path) -> Path:
    """A model of simulated businesses, as a new installation has one."""
    made = [
        BusinessProfile(
            legal_form="household",
            sector=("G", "I56")[i % 2],
            employees=i,
            province="48",
            sells_to_consumers=True,
            platforms_in_use=(("pos365", "misa-cukcuk")[i % 2],),
        )
        for i in range(40)
    ]
    shown = ["misa-meinvoice", "ipos-fabi", "momo-business", "sapo"]
    folder = write_lists(
        tmp_path / "simulated", made, shown, dict.fromkeys(range(0, 40, 3), shown[:1])
    )
    registry = Registry(tmp_path / "models")
    registry.promote(train(open_snapshot({folder: True}), reference, registry).version)
    return tmp_path / "models"


def test_the_first_call_answers_what_the_readme_shows(models, tmp_path):
    curl = ArgumentParser()
    curl.add_argument("url")
    curl.add_argument("-s", "--silent", action="store_true")
    curl.add_argument("-X", "--request", default="POST")
    curl.add_argument("-H", "--header", action="append", default=[])
    curl.add_argument("-d", "--data", "--json")
    program, *arguments = shlex.split(block("first-call").removeprefix("$ "))
    assert program == "curl"
    call = curl.parse_args([argument for argument in arguments if argument != "\n"])
    headers = dict(header.split(": ", 1) for header in call.header)
    if "--json" in arguments:
        headers["Content-Type"] = "application/json"
    address = urlsplit(call.url)
    assert address.netloc == "127.0.0.1:8000"

    settings = Settings(database_url=f"sqlite:///{tmp_path}/store.db", models_dir=models)
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    with TestClient(create_app(settings)) as client:
        answer = client.request(
            call.request,
            address.path,
            content=call.data,
            headers={"Content-Type": "application/x-www-form-urlencoded"} | headers,
        )
    assert answer.status_code == 200, answer.text
    shown = json.loads(block("first-answer"))
    assert len(shown) > 3
    assert list(differences(shown, answer.json())) == []


def differences(shown: Any, found: Any, where: str = "$") -> Iterator[str]:
    """Yield what is shown and not there, or of another type; entries of a list are all alike."""
    if kind(shown) != kind(found):
        yield f"{where}: the README shows {shown!r}, the answer has {found!r}"
    elif isinstance(shown, dict):
        for name in shown:
            if name in found:
                yield from differences(shown[name], found[name], f"{where}.{name}")
            else:
                yield f"{where}.{name}: is not in the answer"
    elif isinstance(shown, list):
        if shown and not found:
            yield f"{where}: is empty in the answer"
        for entry in shown if found else ():
            yield from differences(entry, found[0], f"{where}[]")


def kind(value: Any) -> type:
    """Return the JSON type; whole numbers are numbers."""
    return float if type(value) is int else type(value)


def test_a_difference_is_found():
    found = {"a": 1, "b": [{"c": "x"}], "d": None, "e": []}
    alike = {"a": 2.5, "b": [{"c": "y"}, {"c": ""}], "d": None}
    assert list(differences(alike, found)) == []
    for shown in ({"z": 1}, {"a": "1"}, {"a": True}, {"b": [{"z": 1}]}, {"d": 1}, {"e": [1]}):
        assert len(list(differences(shown, found))) == 1
