"""`smedx doctor` as it is called."""

import json

import pytest


@pytest.fixture
def doctor(smedx, monkeypatch, tmp_path):
    """Call it with this environment; return its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)

    def call(*options: str, **environment: object):
        for name, value in {"PORT": 0, **environment}.items():
            monkeypatch.setenv(name, str(value))
        done = smedx("doctor", *options)
        assert done.stderr == ""
        return done.returncode, done.stdout

    return call


def test_it_lists_each_check_and_ends_well_where_nothing_fails(doctor, models):
    code, told = doctor()
    assert code == 0
    assert "PASS" in told
    assert "WARN" in told  # there is no database yet
    assert "FAIL" not in told
    for word in ("data tables", "libraries", "model", "DATABASE_URL"):
        assert word in told
    assert models.current in told


def test_it_ends_with_1_where_something_fails_and_says_what_to_do(doctor):
    code, told = doctor(HOST="0.0.0.0")
    assert code == 1
    (line,) = [line for line in told.splitlines() if "FAIL" in line]
    assert "HOST=0.0.0.0 can be reached from other machines" in line
    assert "smedx keys create" in line


def test_it_warns_where_the_pages_name_nobody_who_answers_for_the_data(doctor):
    def told_of_it(**environment: str) -> str:
        (line,) = [line for line in doctor(**environment)[1].splitlines() if " operator " in line]
        return line

    assert "WARN" in told_of_it()
    assert "set OPERATOR" in told_of_it()
    named = told_of_it(OPERATOR="Sở Thông tin, 1900 1234")
    assert "PASS" in named
    assert "Sở Thông tin, 1900 1234" in named


def test_programs_are_given_json(doctor):
    code, told = doctor("--json", HOST="0.0.0.0")
    told = json.loads(told)
    assert code == 1
    failed = [each for each in told["findings"] if each["verdict"] == "FAIL"]
    assert [each["check"] for each in failed] == ["keys"]
    assert set(failed[0]) == {"check", "verdict", "told", "todo"}
    assert told["settings"]["HOST"] == "0.0.0.0"
