"""Where and of what a figure was measured."""

import os
import platform
import subprocess
from pathlib import Path


def machine_and_commit() -> str:
    """Return the kind of machine and the commit."""
    git = ["git", "-C", str(Path(__file__).parent)]
    commit = subprocess.run(
        [*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, commit {commit}"
