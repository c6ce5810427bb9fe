"""`smedx keys` makes and ends keys, shows each once, and records who did what."""

import datetime as dt
import json
import re

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from recommender.training.registry import Registry
from service.access.keys import digest
from service.cli import main
from service.store.engine import make_engine
from service.store.records import now

KEY = re.compile(r"smedx_([psa]k_[0-9a-f]{8})_[A-Za-z0-9_-]{43}")


@pytest.fixture
def smedx(database, tmp_path):
    """Run a command on a fresh database of each kind."""

    def run(line: str, *more: str, code: int = 0) -> Result:
        environment = {"DATABASE_URL": database, "MODELS_DIR": str(tmp_path / "models")}
        result = CliRunner().invoke(main, [*line.split(), *more], env=environment)
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def keys(smedx):
    """Return what is listed, by id."""

    def listed() -> dict[str, dict]:
        rows = json.loads(smedx("keys list --json").stdout)
        return {row["id"]: row for row in rows}

    return listed


def stored(database) -> str:
    """Return all that is stored of keys, and of what was done to them."""
    with make_engine(database).connect() as connection:
        tables = [
            connection.execute(text(f"SELECT * FROM {name}")) for name in ("api_keys", "audit")
        ]
        return "\n".join(str(row) for table in tables for row in table)


def test_a_key_is_shown_once_and_kept_as_a_hash(smedx, keys, database):
    made = smedx("keys create --kind secret --name", "Server of Hà")
    key = made.stdout.strip()
    named = KEY.fullmatch(key)
    assert named, "nothing but the key is printed, for scripts"
    assert "not shown again" in made.stderr
    kept = stored(database)
    assert key not in kept
    assert key.rpartition("_")[2] not in kept
    assert digest(key).hex() in kept
    listed = smedx("keys list")
    assert named[1] in listed.stdout
    assert key.rpartition("_")[2] not in listed.stdout
    assert keys()[named[1]]["name"] == "Server of Hà"


def test_a_key_has_the_limits_and_the_end_that_are_asked_for(smedx, keys):
    words = (
        "keys create --kind publishable --name web --origin https://A.vn --origin http://b.vn:80"
    )
    made = smedx(words + " --scope recommend --rate 5.5 --burst 7 --days 30")
    row = keys()[KEY.fullmatch(made.stdout.strip())[1]]
    assert row["origins"] == ["http://b.vn", "https://a.vn"]
    assert row["scopes"] == ["recommend"]
    assert (row["rate"], row["burst"]) == (5.5, 7)
    ends = dt.datetime.fromisoformat(row["expires_at"])
    assert abs(ends - now() - dt.timedelta(days=30)) < dt.timedelta(hours=1)
    assert row["state"].startswith("until ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("create --kind publishable --name web", "a publishable key needs origins"),
        ("create --kind secret --name x --origin https://a.vn", "no other key has any"),
        ("create --kind secret --name x --scope admin", "may not have the scope admin"),
        ("rotate sk_nothing", "there is no key 'sk_nothing'"),
        ("revoke sk_nothing --why lost", "there is no key 'sk_nothing'"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line_and_nothing_is_stored(smedx, database, words, told):
    failed = smedx(f"keys {words}", code=1)
    assert failed.output.startswith("Error: ")
    assert told in failed.output
    assert stored(database) == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("create --kind secret --name", "a key needs a name (--name): who holds it"),
        ("revoke sk_nothing --why", "the end of a key needs a reason (--why)"),
    ],
)
@pytest.mark.parametrize("blank", ["", " "])
def test_the_record_has_no_blanks(smedx, database, words, told, blank):
    assert smedx(f"keys {words}", blank, code=1).output == f"Error: {told}\n"
    assert stored(database) == ""


@pytest.mark.parametrize(
    "words",
    [
        "create --kind root --name x",
        "create --kind secret",
        "create --kind publishable --name x --origin *",
        "create --kind secret --name x --rate 0",
        "create --kind secret --name x --days 0",
        "revoke sk_1",
    ],
)
def test_wrong_words_are_refused(smedx, words):
    assert "Error: " in smedx(f"keys {words}", code=2).output


def test_rotation_gives_a_key_alike_and_ends_the_old_one_after_a_while(smedx, keys):
    words = "keys create --kind publishable --name web --origin https://a.vn --rate 5 --burst 7"
    old_id = KEY.fullmatch(smedx(f"{words} --days 9").stdout.strip())[1]
    rotated = smedx(f"keys rotate {old_id}")
    new_id = KEY.fullmatch(rotated.stdout.strip())[1]
    assert f"{old_id} ends " in rotated.stderr
    old, new = keys()[old_id], keys()[new_id]
    alike = ("kind", "name", "origins", "scopes", "rate", "burst")
    assert {name: old[name] for name in alike} == {name: new[name] for name in alike}
    assert new["state"] == "active"
    ends = dt.datetime.fromisoformat(old["expires_at"])
    assert dt.timedelta(hours=23) < ends - now() <= dt.timedelta(hours=24)

    smedx(f"keys rotate {new_id} --grace-hours 0")
    assert keys()[new_id]["state"] == "ended"
    assert "has ended already" in smedx(f"keys rotate {new_id}", code=1).output


def test_a_revoked_key_is_listed_and_stays_revoked(smedx, keys):
    made = smedx("keys create --kind admin --name An")
    id_ = KEY.fullmatch(made.stdout.strip())[1]
    smedx(f"keys revoke {id_} --why", "left the company")
    assert keys()[id_]["state"] == "revoked"
    assert "has ended already" in smedx(f"keys revoke {id_} --why x", code=1).output
    assert "has ended already" in smedx(f"keys rotate {id_}", code=1).output


def test_the_record_tells_what_was_done_to_keys_and_models(smedx, tmp_path):
    (tmp_path / "models").mkdir()
    registry = Registry(tmp_path / "models")
    with registry.history.locked():
        registry.history.put("20260301T090000Z-abc", "better on Tuesdays", "Chi")
    made = smedx("keys create --kind secret --name server --who An")
    id_ = KEY.fullmatch(made.stdout.strip())[1]
    new = smedx(f"keys rotate {id_} --who Bình").stdout.strip()
    smedx(f"keys revoke {id_} --who Dũng --why", "found in a log")

    entries = json.loads(smedx("audit --json").stdout)
    assert [(e["who"], e["action"], e["subject"]) for e in entries] == [
        ("Chi", "models promote", "20260301T090000Z-abc"),
        ("An", "keys create", id_),
        ("Bình", "keys rotate", id_),
        ("Dũng", "keys revoke", id_),
    ]
    assert entries[0]["detail"] == "better on Tuesdays"
    assert "secret key of 'server'" in entries[1]["detail"]
    assert KEY.fullmatch(new)[1] in entries[2]["detail"]
    assert entries[3]["detail"] == "found in a log"
    shown = smedx("audit --last 1").stdout
    assert "found in a log" in shown
    assert "Bình" not in shown
    assert made.stdout.strip() not in json.dumps(entries)
    assert new not in json.dumps(entries)


def test_without_a_database_it_says_so_in_a_line(tmp_path):
    (tmp_path / "folder.db").mkdir()
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/folder.db"}
    for words in (["keys", "list"], ["audit"]):
        result = CliRunner().invoke(main, words, env=environment)
        assert result.exit_code == 1
        assert result.output.startswith("Error: the database cannot be used: ")
