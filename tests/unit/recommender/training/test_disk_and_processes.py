"""A disk that fills, two trainings at once, and trainings that are killed: real ones."""

import signal
import subprocess
import sys

import pytest

from recommender.training.registry import RegistryError
from recommender.training.snapshot import open_snapshot
from recommender.training.train import STAGES, train

TRAIN = """
import resource, sys
from pathlib import Path
from recommender.domain import load_reference
from recommender.training.registry import Registry, RegistryError
from recommender.training.snapshot import open_snapshot
from recommender.training.train import train

data, folder, models, pause, most = sys.argv[1:]
if most:  # of each file; the system refuses what comes after it, as a full disk does
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))

def progress(stage):
    if stage == pause:
        print("paused", flush=True)
        sys.stdin.readline()

snapshot = open_snapshot({Path(folder): True})
try:
    manifest = train(snapshot, load_reference(Path(data)), Registry(Path(models)), 0, progress)
except RegistryError as error:
    sys.exit(f"refused: {error}")
print(manifest.version)
"""

SAVE = """
import sys
from pathlib import Path
from recommender.training.registry import Registry

def pause(manifest):
    print("writing", flush=True)
    sys.stdin.readline()
    return {}

registry = Registry(Path(sys.argv[1]))
version = registry.current
manifest = registry.manifest(version)
model, _ = registry.load(version, manifest.schema)
names = ("parameters", "data_sha256", "reference_version", "seed", "businesses", "simulated_share")
facts = {name: getattr(manifest, name) for name in names}
registry.save(model, facts | {"metrics": {}}, pause)
"""


@pytest.fixture
def start():
    """Start a program in a process of its own; it is killed at the latest when the test ends."""
    started = []

    def run(program, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def train_elsewhere(start, data_dir, small, in_service):
    """Train in another process, paused at a stage or with a limit to the size of files."""
    folder = small(20)

    def run(pause="", most=""):
        return start(TRAIN, data_dir, folder, in_service.folder, pause, most)

    return run


def test_a_disk_that_fills_while_the_model_is_written_leaves_the_registry_as_it_was(
    train_elsewhere, in_service, files
):
    before = files(in_service)
    process = train_elsewhere(most=100_000)
    _, told = process.communicate()
    assert process.returncode == 1
    assert told.startswith(f"refused: the model cannot be written to {in_service.folder} (")
    assert "File too large): make room there" in told
    assert files(in_service) == before
    assert not list(in_service.folder.glob(".writing-*"))


def test_of_two_trainings_at_once_the_second_is_refused_and_the_first_one_ends(
    train_elsewhere, small, reference, in_service, files
):
    before, snapshot = files(in_service), open_snapshot({small(10, name="other"): True})
    first = train_elsewhere(pause=STAGES[2])
    assert first.stdout.readline() == "paused\n"
    second = train_elsewhere()
    _, told = second.communicate()
    assert second.returncode == 1
    assert told.strip() == "refused: another training is under way: wait until it has ended"
    with pytest.raises(RegistryError, match="another training is under way"):
        train(snapshot, reference, in_service)
    assert files(in_service) == before
    version, _ = first.communicate("go on\n")
    assert first.returncode == 0
    assert version.strip() in in_service.versions()
    assert len(in_service.versions()) == 2


@pytest.mark.parametrize("stage", [STAGES[0], STAGES[-1]])
def test_a_training_that_is_killed_leaves_the_registry_as_it_was_and_free(
    train_elsewhere, in_service, files, stage
):
    before = files(in_service)
    process = train_elsewhere(pause=stage)
    assert process.stdout.readline() == "paused\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert files(in_service) == before
    with in_service.training():
        pass


def test_one_that_is_killed_while_it_writes_leaves_no_half_model(start, in_service, files):
    """What it had written is no version, and hidden; all the others are as they were."""
    before, version = files(in_service), in_service.current
    process = start(SAVE, in_service.folder)
    assert process.stdout.readline() == "writing\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    after = files(in_service)
    assert before.items() <= after.items()
    left = {path.relative_to(in_service.folder).parts[0] for path in after.keys() - before.keys()}
    assert all(name.startswith(".writing-") for name in left)
    assert in_service.versions() == [version]
    assert in_service.current == version
