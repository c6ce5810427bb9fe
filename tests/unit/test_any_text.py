"""Whatever text a parser is given, it reads it or says in its own way what is wrong.

What comes in requests is tried in `tests/integration/service/test_any_request.py`, forms in
`tests/unit/web/test_hostile_forms.py`; here are headers, settings, keys and files.
"""

import datetime as dt

import httpx
import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from smedx_client.errors import error_of, retry_after

from recommender.domain.tables import read_table, read_toml
from recommender.training.registry_record import Record
from service.access.keys import KeyRing
from service.access.origins import parse_origin
from service.caching import has
from service.settings import Settings, SettingsError

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
NAMES = sorted(field.name.upper() for field in msgspec.structs.fields(Settings))
WHOLE = b'{"n": 1}'
BYTES = st.binary(max_size=200)
URLS = st.from_regex(r"\A(https?|ftp|)(://)?[a-zA-Zé0-9\[\]:.@%*-]{0,20}(:[0-9]{0,6})?/?\Z")


class Row(msgspec.Struct, frozen=True):
    """A row with what the tables have: a text, a number, something optional, several of one."""

    code: str
    share: float
    since: dt.date | None
    kinds: tuple[str, ...]


CSV = st.text('code,share,since,kinds\n\r"|1é \x00', max_size=80).map(
    lambda text: b"code,share,since,kinds\n" + text.encode()
)


@given(st.text() | URLS)
@example("http://[::1]:80")
@example("https://" + "a" * 64)
def test_an_origin_is_read_alike_the_second_time_or_refused(text):
    try:
        origin = parse_origin(text)
    except ValueError as error:
        said = str(error)
    else:
        assert parse_origin(origin) == origin
        assert origin.isascii()
        return
    assert "expected a scheme and a host" in said


@given(st.lists(st.text() | st.from_regex(r'\A(W/)?"[a-z,]*"(, *"a")?\Z'), max_size=3))
def test_a_list_of_tags_never_names_what_it_does_not_hold(lines):
    told = ",".join(lines)
    assert not has(lines, '"0123"') or told.strip() == "*" or '"0123"' in told
    assert has([*lines, ' W/"0123"'], '"0123"') or told.count('"') % 2 == 1


@given(st.sampled_from(NAMES), st.text())
def test_a_setting_is_taken_or_named_as_wrong(name, text):
    said = ""
    try:
        Settings.from_environment({name: text})
    except SettingsError as error:
        said = str(error)
    assert said.startswith(f"{name}=" if said else "")


@given(st.text() | st.from_regex(r"\Asmedx_[psa]k_[a-z2-7]{0,9}_?[A-Za-z0-9_-]{0,44}\Z"))
def test_no_text_is_a_key_where_there_is_none(text):
    assert KeyRing.of([]).find(text, NOW) is None


@pytest.mark.parametrize("read", [read_table, read_toml])
@given(content=BYTES | CSV)
def test_a_broken_file_is_told_as_problems_with_its_name(tmp_path_factory, read, content):
    path = tmp_path_factory.mktemp("tables") / "rows.csv"
    path.write_bytes(content)
    problems = []
    found = read(path, Row, problems)
    assert found is not None or problems
    assert all(problem.file == "rows.csv" for problem in problems)


@given(BYTES | st.lists(st.sampled_from([WHOLE, b"{", b"", b"null"])).map(b"\n".join))
def test_a_record_is_read_as_far_as_it_is_whole(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("record") / "lines.jsonl"
    path.write_bytes(content)
    found = Record(path, dict).read()
    assert all(isinstance(line, dict) for line in found)
    assert len(found) >= content.splitlines().count(WHOLE)


@given(st.integers(400, 599), BYTES, st.text(st.characters(codec="latin-1"), max_size=20))
def test_any_answer_that_is_none_is_an_error_of_the_client(status, content, after):
    headers = [(b"retry-after", after.encode("latin-1"))]
    response = httpx.Response(status, headers=headers, content=content)
    assert error_of(response).problem.status == status or content.startswith(b"{")
    told = retry_after(response)
    assert told is None or told >= 0
