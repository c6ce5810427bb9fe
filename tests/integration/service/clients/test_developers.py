"""What docs/developers.md shows is run as it stands, and its figures are those of the code."""

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from benchmarks import fuzz
from service.access.retirement import NOTICE
from service.web.pages import STATIC
from tests.integration.service.clients.test_typescript_client import FOLDER, compile_

ROOT = Path(__file__).parents[4]
TEXT = (ROOT / "docs" / "developers.md").read_text("utf-8")
WIDGET = (STATIC / "widget.js").read_text("utf-8")


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    assert found, f"no block of {language}"
    return found


def run(service, *command: str) -> str:
    told = os.environ | {"SMEDX_URL": service.url, "SMEDX_KEY": service.key}
    told["PYTHONPATH"] = str(ROOT / "clients" / "python")
    done = subprocess.run(command, env=told, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_block_recommends_and_says_what_is_wrong(service):
    (block,) = blocks("python")
    *ranked, wrong = run(service, sys.executable, "-c", block).splitlines()
    assert [line.split()[0] for line in ranked] == ["1", "2", "3"]
    assert wrong == "n expects a whole number from 1 to 100"


def test_the_typescript_block_compiles(tmp_path):
    for name in ("smedx.js", "smedx.d.ts"):
        shutil.copy(FOLDER / name, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (block,) = blocks("ts")
    assert compile_(tmp_path, block).stdout == ""


def test_the_calls_answer_what_is_said_of_them(service):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed here")
    calls = [block for block in blocks("console") if "curl" in block]
    batch, similar, tagged = (run(service, "bash", "-c", call) for call in calls)
    assert [list(answer) for answer in json.loads(batch)["answers"]] == [
        ["recommendation"],
        ["problem"],
    ]
    assert len(json.loads(similar)["items"]) == 3
    assert tagged == "304\n"


def test_the_element_has_what_the_table_says_and_its_business_is_taken(service):
    (block,) = blocks("html")
    told = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            told[tag] = dict(attributes)

    Reader().feed(block)
    element = told["smedx-recommendations"]
    observed = re.search(r"observedAttributes = (\[.*?\]);", WIDGET, re.DOTALL)
    assert observed
    table = set(re.findall(r"^\| `([a-z-]+)` \|", TEXT, re.MULTILINE))
    named = {name for name in table if not name.startswith("smedx-")}
    assert named == set(json.loads(observed[1]))
    assert set(element) <= named
    body = json.dumps({"profile": json.loads(element["profile"]), "n": int(element["n"])})
    call = ("curl", "--fail", f"{service.url}/v1/recommendations", "--data", body)
    headers = (f"Authorization: Bearer {service.key}", "Content-Type: application/json")
    answer = run(service, *call, *(word for header in headers for word in ("--header", header)))
    assert len(json.loads(answer)["items"]) == 5
    assert told["script"]["src"].endswith("/widget/v1.js")


def test_the_events_and_properties_of_the_widget_are_all_told():
    emitted = {f"smedx-{name}" for name in re.findall(r'this\.emit\("(\w+)"', WIDGET)}
    assert emitted == set(re.findall(r"^\| `(smedx-\w+)` \|", TEXT, re.MULTILINE))
    colours = re.search(r"const COLOURS = \[(.*?)\n\];", WIDGET, re.DOTALL)
    assert colours
    names = {f"--smedx-{name}" for name in re.findall(r'\["([a-z-]+)"', colours[1])}
    assert names | {"--smedx-font"} == set(re.findall(r"`(--smedx-[a-z-]+)`", TEXT))


def test_the_figures_are_those_of_the_code():
    assert f"**{NOTICE.days} days before**" in TEXT
    (figures,) = (json.loads(block) for block in blocks("json"))
    assert figures["cases"] >= fuzz.AT_LEAST
    assert figures["server_errors"] == figures["schema_violations"] == 0
    assert set(figures) == set(fuzz.Figures.__struct_fields__)
