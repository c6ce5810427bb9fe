"""What is backed up, while others write, is what comes back."""

import asyncio
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from service.cli import main
from service.store import Store
from service.store.tables import events

from .samples import event, profile, stored, stored_ids

pytestmark = pytest.mark.anyio


@pytest.fixture
def smedx(database, postgres, monkeypatch):
    """Run a command on the database of the test."""
    programs = Path(psutil.Process(postgres.get_pid()).exe()).parent
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    monkeypatch.setenv("DATABASE_URL", database)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


async def test_a_backup_under_load_is_of_one_moment_and_comes_back(
    store, database, smedx, tmp_path
):
    await store.save_profile("business-1", profile())
    sent = 0

    async def write() -> None:
        nonlocal sent
        while True:
            ids = [f"of-batch-{sent:04}-{i}" for i in range(5)]
            await store.append_events([event(profile_id="business-1", id=id_) for id_ in ids])
            sent += 1

    writing = asyncio.create_task(write())
    while sent < 10:
        await asyncio.sleep(0.01)
    before = sent
    made = await asyncio.to_thread(smedx, "backup", tmp_path / "copy")
    assert made.exit_code == 0, made.output
    after = sent
    while sent < after + 5:
        await asyncio.sleep(0.01)
    writing.cancel()
    await store.ready()
    assert len(stored_ids(database, events)) >= 5 * sent

    refused = await asyncio.to_thread(smedx, "restore", tmp_path / "copy")
    assert refused.exit_code == 1
    assert "holds something already: events, profiles; --replace lets it" in refused.output
    assert len(stored_ids(database, events)) >= 5 * sent

    done = await asyncio.to_thread(smedx, "restore", tmp_path / "copy", "--replace")
    assert done.exit_code == 0, done.output
    ids = stored_ids(database, events)
    batches = len(ids) // 5
    assert ids == [f"of-batch-{number:04}-{i}" for number in range(batches) for i in range(5)]
    assert before <= batches <= after + 1
    # The store that was open all the time goes on.
    await store.append_events([event(profile_id="business-1", id="after-the-restore")])
    assert "after-the-restore" in stored_ids(database, events)
    assert (await store.profile("business-1")).profile == profile()


async def test_an_empty_database_takes_a_backup(database, smedx, tmp_path):
    assert smedx("backup", tmp_path / "copy").exit_code == 0
    assert smedx("restore", tmp_path / "copy").exit_code == 0
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy"]
    assert stored(database, events) == []


async def test_what_is_no_backup_is_refused_and_changes_nothing(database, smedx, tmp_path):
    store = Store(database)
    store.start()
    await store.save_profile("business-1", profile())
    await store.close()
    assert smedx("backup", tmp_path / "copy").exit_code == 0
    again = smedx("backup", tmp_path / "copy")
    told = "exists already: expected a name that nothing has yet"
    assert (again.exit_code, told in again.output) == (1, True)

    (tmp_path / "other.part").mkdir()
    for place in ("other", "no-folder/copy"):
        refused = smedx("backup", tmp_path / place)
        assert refused.exit_code == 1, place
        assert refused.output.startswith(f"Error: no backup was made in {tmp_path / place}: ")
        assert "expected a folder with room" in refused.output
        assert "Traceback" not in refused.output
    (tmp_path / "other.part").rmdir()

    whole = (tmp_path / "copy").read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text").write_text("not a database")
    for name in ("half", "text", "nowhere"):
        refused = smedx("restore", tmp_path / name, "--replace")
        assert refused.exit_code == 1, name
        assert refused.output.startswith("Error: ")
        assert "Traceback" not in refused.output
    store = Store(database)
    store.start()
    assert await store.profile("business-1")
    await store.close()
    assert not list(tmp_path.glob("*.part"))
