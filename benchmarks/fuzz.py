"""Send the API whatever its OpenAPI document says, and whatever it does not.

`make fuzz` starts the service on a database of its own. Schemathesis makes requests of every
operation, right and wrong ones, follows the links of the document from a business that is stored to
its lists and events, and holds each answer against the document: no error of ours, no status, type,
header or body that is not described. Prints its report and, last, one JSON line.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import msgspec

EXAMPLES = 1100
"""Of each operation, and as many walks along the links; each is sent in several ways."""
AT_LEAST = 20_000
STARTS_WITHIN_SECONDS = 300

CONFIG = Path(__file__).with_suffix(".toml")
COMMAND = (sys.executable, "-m", "service.cli")
NEW_KEY = ("keys", "create", "--kind", "secret", "--name", "fuzzing")
UNLIMITED = ("--rate", "100000", "--burst", "1000000")


class Figures(msgspec.Struct, frozen=True):
    """What a run found.

    Attributes:
        cases: Requests that were sent and whose answers were checked.
        server_errors: Answers with a status of 500 or more that is not described.
        schema_violations: Other answers that the document does not describe, and wrong requests
            that were taken.
        operations: How many of the document were called.
        links: How many of the document were followed.
    """

    cases: int
    server_errors: int
    schema_violations: int
    operations: int
    links: int


def fuzz(url: str, key: str, folder: Path, examples: int) -> Figures:
    """Send requests to a service and print the report of Schemathesis.

    Args:
        url: Where the service is.
        key: A secret key without a limit that matters.
        folder: Empty; it is left with what Schemathesis writes.
        examples: How many are made of each operation.

    Raises:
        RuntimeError: If the run did not come to its end.
    """
    schema, report = folder / "openapi.json", folder / "report.json"
    document = httpx.get(f"{url}/schema/openapi.json").raise_for_status().json()
    schema.write_text(json.dumps(_with_events_as_they_are(document)))
    command = [
        Path(sys.executable).with_name("st"),
        *("--config-file", CONFIG, "run", schema, "--url", url, "--no-color"),
        *("--header", f"Authorization: Bearer {key}"),
        *("--max-examples", str(examples), "--continue-on-failure"),
        # With one, Hypothesis (6.170) polishes what it has found without sending anything.
        *("--generation-database", "none"),
        *("--report", "json", "--report-json-path", report),
    ]
    links = 0
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        for line in run.stdout:
            print(line, end="", flush=True)
            if "API Links:" in line:
                links = int(line.split()[2])
    found = json.loads(report.read_text())
    if found["stop_reason"] != "completed" or found["errors"]:
        raise RuntimeError(f"{found['stop_reason']}: {found['errors']}")
    ours = sum(each["count"] for each in found["failures"] if each["type"] == "server_error")
    return Figures(
        cases=found["test_cases"]["generated"],
        server_errors=ours,
        schema_violations=sum(each["count"] for each in found["failures"]) - ours,
        operations=found["operations"]["tested"],
        links=links,
    )


def _with_events_as_they_are(document: dict[str, Any]) -> dict[str, Any]:
    """Have the event of a link sent alone: beside random ones it would never be taken."""
    answers = document["paths"]["/v1/recommendations"]["post"]["responses"]
    answers["200"]["links"]["tell"]["x-schemathesis"] = {"merge_body": False}
    return document


def main() -> int:
    """Start a service, send it what there is, and tell whether all answers were right."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'fuzz.sqlite3'}"
        environment = {**os.environ, "DATABASE_URL": database, "PORT": port}
        created = subprocess.run(
            [*COMMAND, *NEW_KEY, *UNLIMITED],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        service = subprocess.Popen([*COMMAND, "serve", "--prepare"], env=environment)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url, service)
            scratch = Path(folder) / "scratch"
            scratch.mkdir()
            figures = fuzz(url, created.stdout.strip(), scratch, EXAMPLES)
        finally:
            service.terminate()
            service.wait()
    print(json.dumps(msgspec.structs.asdict(figures)))
    wrong = figures.server_errors + figures.schema_violations
    return int(wrong > 0 or figures.cases < AT_LEAST)


def _wait_until_ready(url: str, service: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and service.poll() is None:
        try:
            if httpx.get(f"{url}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError("the service does not start")


if __name__ == "__main__":
    sys.exit(main())
