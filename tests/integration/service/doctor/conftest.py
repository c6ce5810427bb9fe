"""What the doctor finds."""

from collections.abc import Callable

import pytest

from service.doctor import Finding, examine
from service.settings import Settings


@pytest.fixture
def settings_of(models, tmp_path) -> Callable[..., Settings]:
    """Make settings of a registry with three models, and of no database yet."""

    def make(**chosen) -> Settings:
        own = {
            "database_url": f"sqlite:///{tmp_path}/store.db",
            "models_dir": models.folder,
            "simulated_dir": tmp_path / "simulated",
            "port": 0,
        }
        return Settings(**(own | chosen))

    return make


@pytest.fixture
def found(settings_of) -> Callable[..., dict[str, Finding]]:
    """Examine with such settings; return what was found, by check."""

    def find(**chosen) -> dict[str, Finding]:
        findings = list(examine(settings_of(**chosen)))
        by_check = {finding.check: finding for finding in findings}
        assert len(by_check) == len(findings)
        for finding in findings:
            assert finding.told
            assert bool(finding.todo) == (finding.verdict != "PASS")
        return by_check

    return find
