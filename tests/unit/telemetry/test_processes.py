"""The folder in which several processes count."""

import os
from pathlib import Path

from service.telemetry.processes import FOLDER, shared_folder


def test_one_process_needs_no_folder(monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)
    with shared_folder(1):
        assert FOLDER not in os.environ


def test_several_have_one_as_long_as_they_run(monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)
    with shared_folder(2):
        folder = Path(os.environ[FOLDER])
        assert list(folder.iterdir()) == []
        (folder / "counter_1.db").touch()
    assert not folder.exists()
    assert FOLDER not in os.environ


def test_a_folder_that_was_named_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    with shared_folder(2):
        assert os.environ[FOLDER] == str(tmp_path)
    assert tmp_path.is_dir()
    assert os.environ[FOLDER] == str(tmp_path)
