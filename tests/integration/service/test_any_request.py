"""Schemathesis sends the service whatever the OpenAPI document says, and whatever it does not.

It follows the links of the document, from a business that is stored to its lists and events, and
holds each answer against the document: no error of our own, no status, type or schema that is not
described there. `make fuzz` does so with 20,000 requests and more.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

FEW, MANY = 12, 20_000
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", FEW))
"""How many examples are made of each operation; each is sent in several ways."""

CONFIG = Path(__file__).with_name("schemathesis.toml")


def test_whatever_is_sent_is_answered_as_the_document_says(start, smedx, models, tmp_path):
    unlimited = ("--rate", "100000", "--burst", "1000000")
    created = smedx("keys", "create", "--kind", "secret", "--name", "fuzzing", *unlimited)
    (key,) = re.findall(r"smedx_sk_\w{8}_[\w-]{43}", created.stdout)
    server = start()
    server.wait_until_live()
    options = (
        *("--config-file", CONFIG, "run", f"{server.url}/schema/openapi.json"),
        *("--header", f"Authorization: Bearer {key}"),
        *("--max-examples", str(EXAMPLES), "--continue-on-failure"),
    )
    program = Path(sys.executable).with_name("st")
    run = subprocess.run([program, *options], cwd=tmp_path, capture_output=True, text=True)
    if EXAMPLES > FEW:
        print(run.stdout)
    assert run.returncode == 0, run.stdout
    operations = re.search(r"(\d+) selected / (\d+) total", run.stdout)
    covered = re.search(r"(\d+) covered / \d+ selected", run.stdout)
    cases = re.search(r"(\d+) generated, (\d+) passed", run.stdout)
    assert operations, run.stdout
    assert covered, run.stdout
    assert cases, run.stdout
    assert operations[1] == operations[2]
    assert int(covered[1]) > 0, "no link was followed"
    assert cases[1] == cases[2]
    assert int(cases[1]) >= (MANY if EXAMPLES > FEW else 500)
    assert server.process.poll() is None, server.said()
    assert server.ready() == (200, "")
