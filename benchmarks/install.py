"""Measure what `make run` installs: seconds and megabytes of a fresh environment.

Run by `make bench-install`. Prints a line for each step and one JSON line last.
"""

import json
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import COMMIT

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Build an environment in a temporary folder and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "venv" / "bin" / "python"
        started = time.perf_counter()
        _run(sys.executable, "-m", "venv", str(python.parents[1]))
        pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        _run(*pip, "--require-hashes", "-r", str(ROOT / "requirements.txt"))
        _run(*pip, "--no-deps", "--no-build-isolation", str(ROOT))
        seconds = time.perf_counter() - started
        files = [path for path in Path(folder).rglob("*") if path.is_file()]
        megabytes = sum(path.lstat().st_size for path in files) / 1e6
    print(
        json.dumps(
            {
                "seconds": round(seconds, 1),
                "megabytes": round(megabytes),
                "files": len(files),
                "python": platform.python_version(),
                "machine": f"{platform.machine()}, {platform.system()}",
                "commit": COMMIT,
            }
        )
    )


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
