"""One training at a time, in whatever process; a killed one is in nobody's way."""

import os
import signal
import subprocess
import sys

import pytest

from recommender.training.registry import Registry, RegistryError

HOLD = """
import sys
from pathlib import Path
from recommender.training.registry import Registry
with Registry(Path(sys.argv[1])).training():
    print("training", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_process(registry):
    """Another process that trains until its input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(registry.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "training\n"
    yield process
    process.kill()
    process.communicate()


def refused(registry):
    with (
        pytest.raises(
            RegistryError, match="another training is under way: wait until it has ended"
        ),
        registry.training(),
    ):
        pytest.fail("two at once")
    return True


def test_a_second_training_is_refused_while_one_runs(registry):
    with registry.training():
        assert refused(registry)
        assert refused(Registry(registry.folder))
    with registry.training():
        pass


def test_one_that_failed_is_in_nobodys_way(registry):
    with pytest.raises(KeyboardInterrupt), registry.training():
        raise KeyboardInterrupt
    with registry.training():
        pass


def test_another_process_is_refused_as_well_and_free_to_train_afterwards(registry, other_process):
    assert refused(registry)
    other_process.communicate()
    assert other_process.returncode == 0
    with registry.training():
        pass


def test_one_that_was_killed_is_in_nobodys_way(registry, other_process):
    assert refused(registry)
    os.kill(other_process.pid, signal.SIGKILL)
    other_process.wait()
    with registry.training():
        pass


def test_another_registry_is_another_matter(registry, tmp_path, other_process):
    assert refused(registry)
    with Registry(tmp_path / "elsewhere").training():
        pass


def test_models_are_listed_and_promoted_while_one_runs(trained, registry, other_process):
    """Only trainings wait for trainings: who goes back to another model does not."""
    model, manifest = trained[0].load(trained[1].version, trained[1].schema)
    facts = {name: getattr(manifest, name) for name in ("parameters", "data_sha256", "seed")}
    facts |= {name: getattr(manifest, name) for name in ("reference_version", "businesses")}
    saved = registry.save(model, facts | {"simulated_share": 1.0, "metrics": {}})
    registry.promote(saved.version)
    assert registry.versions() == [registry.current]
