"""The service loses its database while an owner fills the questionnaire in, and gets it back."""

import re
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import COMMAND, ROOT, Installation, wait_for
from tests.e2e.owner import LEVEL, agree, answer_all, begin, confirm, in_every_way, say
from tests.owners import RESTAURANT

AWAY = "We cannot save or read right now"
WAIT = (
    "What you saved before is safe. What you just sent is not saved yet: wait a minute, then load"
    " this page again; your browser will send it once more."
)
WAITING = (
    "Our service has a fault at the moment; it is not your connection. What you typed is kept on"
    " this phone and is sent as soon as we can save again."
)


class Fragile(NamedTuple):
    """A service whose database can go away.

    Attributes:
        address: Where it answers.
        database: The file.
        gone: The file is somewhere else for as long as the context lasts.
        wait: Waits until all is well.
    """

    address: str
    database: Path
    gone: Callable[[], AbstractContextManager[None]]
    wait: Callable[[], None]


@pytest.fixture
def fragile(installation: Installation, tmp_path: Path) -> Iterator[Fragile]:
    """Serve the model of the installation on a database of its own."""
    database = tmp_path / "data" / "smedx.sqlite3"

    @contextmanager
    def gone() -> Iterator[None]:
        away = database.parent.rename(tmp_path / "away")
        yield
        away.rename(database.parent)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"DATABASE_URL": f"sqlite:///{database}", "PORT": str(port)}
    address, log = f"http://127.0.0.1:{port}", tmp_path / "log"
    with log.open("w") as said:
        server = subprocess.Popen(
            [*COMMAND, "serve"],
            cwd=ROOT,
            env=installation.environment | own,
            stdout=said,
            stderr=said,
        )
        try:
            wait = partial(wait_for, f"{address}/health/ready", server, log)
            wait()
            yield Fragile(address, database, gone, wait)
        finally:
            server.terminate()
            server.wait(timeout=30)


def stored(database: Path) -> list[str]:
    """Return what is stored of businesses."""
    with sqlite3.connect(database) as connection:
        return [row[0] for row in connection.execute("SELECT profile FROM profiles")]


@in_every_way
def test_what_is_typed_is_sent_once_it_is_back(fragile, phone, locale, width, scripts):
    page = phone(width, scripts=scripts)
    begin(page, fragile.address, locale)
    answer_all(page, RESTAURANT, until="people")
    page.locator("#people").fill("6 người")
    with fragile.gone():
        page.locator('button[value="next"]').click()
        if scripts:
            expect(page.get_by_role("status")).to_have_text(say(locale, WAITING))
            expect(page.locator("#people")).to_have_value("6 người")
        else:
            expect(page.locator("h1")).to_have_text(say(locale, AWAY))
            expect(page.locator("main")).to_contain_text(say(locale, WAIT))
    if not scripts:  # what the page says to do sends it once more
        fragile.wait()
        page.reload()
    expect(page).to_have_url(re.compile("/consumers$"), timeout=30_000)
    finish(page, fragile, locale)

    with fragile.gone():
        answer = page.reload()
        assert answer.status == 503
        expect(page.locator("html")).to_have_attribute("lang", locale)
        expect(page.locator("h1")).to_have_text(say(locale, AWAY))
    fragile.wait()
    assert page.reload().status == 200
    expect(page.locator("h1")).to_contain_text(LEVEL[locale])


def finish(page, fragile: Fragile, locale: str) -> None:
    """Answer the rest, and find it stored once, with what was typed while nothing was."""
    answer_all(page, RESTAURANT)
    confirm(page)
    agree(page)
    expect(page.locator("h1")).to_contain_text(LEVEL[locale])
    (profile,) = stored(fragile.database)
    assert '"employees":6' in profile
