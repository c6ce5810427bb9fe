"""The OpenAPI document and the clients that are committed are those that are made now."""

import difflib
import json
from pathlib import Path

import pytest
from smedx_client import models

from clients.generate.__main__ import DOCUMENT, ROOT, write
from service.api.openapi import document_of
from service.app import create_app
from service.settings import Settings


def differences(committed: str, now: str, name: str) -> str:
    lines = difflib.unified_diff(
        committed.splitlines(), now.splitlines(), f"{name}, committed", f"{name}, now", lineterm=""
    )
    return "\n".join(lines)


def test_the_document_is_the_one_that_was_reviewed(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/store.db", models_dir=tmp_path)
    now = json.dumps(document_of(create_app(settings)), indent=2, ensure_ascii=False) + "\n"
    found = differences(DOCUMENT.read_text("utf-8"), now, "docs/openapi.json")
    if found:
        pytest.fail(f"{found}\n\nIf this is meant: `make clients` writes it and the clients anew.")


def test_the_clients_are_those_of_the_document(tmp_path):
    changed = []
    for path in write(tmp_path):
        name = path.relative_to(tmp_path)
        committed = (ROOT / "clients" / name).read_text("utf-8")
        changed.append(differences(committed, path.read_text("utf-8"), f"clients/{name}"))
    assert changed
    found = "\n".join(filter(None, changed))
    if found:
        pytest.fail(f"{found}\n\nIf this is meant: `make clients` writes them anew.")


def test_every_module_of_models_is_made_from_the_document(tmp_path):
    place = "python/smedx_client/models"
    made = {path.name for path in write(tmp_path) if path.parent == tmp_path / place}
    assert {path.name for path in (ROOT / "clients" / place).glob("*.py")} == made


def test_all_models_come_from_one_module():
    document = json.loads(DOCUMENT.read_text("utf-8"))
    assert sorted(document["components"]["schemas"]) == models.__all__
    assert all(getattr(models, name).__name__ == name for name in models.__all__)


def test_the_client_is_installed_from_its_own_folder():
    package = Path(ROOT / "clients" / "python")
    assert (package / "smedx_client" / "py.typed").exists()
    assert 'name = "smedx-client"' in (package / "pyproject.toml").read_text("utf-8")
