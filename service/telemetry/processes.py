"""One set of metrics for several processes: each writes files that all of them read.

`smedx serve` with `WORKERS` above 1 names the folder before it starts them; see "Multiprocess Mode"
in the documentation of the Python client of Prometheus.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which the client, when it is imported, knows that there are several processes."""

PREFIX = "smedx-counted-"
YOUNG_SECONDS = 60.0
"""A folder so new may be one that is not locked yet."""


@contextmanager
def shared_folder(workers: int) -> Iterator[None]:
    """Name a folder to the processes that are started meanwhile, and remove it in the end.

    One that is named already is left as it is: whoever named it runs more than this. Folders of
    services that were killed are removed too: a lock, which ends with its process, tells them.
    """
    if workers == 1 or FOLDER in os.environ:
        yield
        return
    _remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder, _locked(Path(folder)):
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


def counted() -> Iterable[Metric]:
    """Return what all processes counted."""
    return _registry().collect()


def exposition() -> bytes:
    """Return what all processes counted, in the text format of Prometheus."""
    return generate_latest(_registry())


def _registry() -> CollectorRegistry:
    folder = os.environ.get(FOLDER)
    if folder is None:
        return REGISTRY
    _forget_the_dead(Path(folder))
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    return registry


def _remove_abandoned() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # Locked by a service that runs, of another user, or just removed by another start.
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > YOUNG_SECONDS:
                with _locked(folder):
                    shutil.rmtree(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder until the end of this process at the latest.

    Raises:
        OSError: If another process holds it.
    """
    opened = os.open(folder, os.O_RDONLY)  # not inherited: workers that outlive it do not hold it
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)


def _forget_the_dead(folder: Path) -> None:
    """Remove the state of processes that have ended; what they counted stays."""
    for path in folder.glob("gauge_live*.db"):
        number = int(path.stem.rpartition("_")[2])
        if not _lives(number):
            mark_process_dead(number, str(folder))  # type: ignore[no-untyped-call]


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
