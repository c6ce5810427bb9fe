"""Where and of what a figure was measured."""

import os
import platform
import subprocess
from pathlib import Path

COMMIT = subprocess.run(
    ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"],
    capture_output=True,
    text=True,
).stdout.strip()
"""What was checked out when the benchmark began: it runs for long enough to commit meanwhile."""


def machine_and_commit() -> str:
    """Return the kind of machine and the commit."""
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, commit {COMMIT}"
