"""One set of metrics for several processes: each writes files that all of them read.

`smedx serve` with `WORKERS` above 1 names the folder before it starts them; see "Multiprocess Mode"
in the documentation of the Python client of Prometheus.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which the client, when it is imported, knows that there are several processes."""


@contextmanager
def shared_folder(workers: int) -> Iterator[None]:
    """Name a folder to the processes that are started meanwhile, and remove it in the end.

    One that is named already is left as it is: whoever named it runs more than this.
    """
    if workers == 1 or FOLDER in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="smedx-metrics-") as folder:
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
