"""What a line of the log tells, and what it never does."""

import json
import logging
import logging.config
import sys

import pytest

from service.telemetry.current import CURRENT, Answering
from service.telemetry.logs import JsonLines, Text, log_config


def record(message="it is so", *args, level=logging.INFO, error=None, **extra):
    exc_info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("service.part", level, __file__, 1, message, args, exc_info)
    vars(made).update(extra)
    return made


def raised(message="of the business zq7"):
    try:
        try:
            raise KeyError(message)
        except KeyError as error:
            raise ValueError(message) from error
    except ValueError as error:
        return error


@pytest.fixture
def request_():
    scope = {
        "method": "POST",
        "headers": [],
        "path": "/v1/profiles/zq7",
        "path_template": "/v1/profiles/{profile_id}",
    }
    answering = Answering(scope)
    token = CURRENT.set(answering)
    yield answering
    CURRENT.reset(token)


def test_a_record_is_one_line_of_json():
    line = JsonLines().format(record("%s is so\nand %s", "this", "zq7", level=logging.WARNING))
    assert "\n" not in line
    told = json.loads(line)
    assert told.pop("time").endswith("Z")
    assert told.pop("process") > 0
    assert told == {"level": "warning", "logger": "service.part", "message": "this is so"}


def test_within_a_request_it_tells_its_id_and_the_template_of_its_route(request_):
    told = json.loads(JsonLines().format(record(status=201, duration_ms=1.5, answer="zq7")))
    assert (told["request_id"], told["method"]) == (request_.id, "POST")
    assert told["route"] == "/v1/profiles/{profile_id}"
    assert (told["status"], told["duration_ms"]) == (201, 1.5)
    text = Text().format(record(status=201, duration_ms=1.5))
    assert text.endswith(f"[POST /v1/profiles/{{profile_id}} 201 1.5 ms {request_.id}]")
    assert "zq7" not in text + json.dumps(told)


@pytest.mark.parametrize("formatter", [JsonLines(), Text()])
def test_of_an_error_it_tells_type_and_place_of_all_that_led_to_it_but_no_message(formatter):
    text = formatter.format(record(level=logging.ERROR, error=raised()))
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert text.count(f"{__name__}:") == 2
    assert " raised" in text
    assert "zq7" not in text


def test_an_error_that_leads_to_itself_ends():
    error = raised()
    error.__cause__.__cause__ = error
    told = json.loads(JsonLines().format(record(error=error)))
    assert [each["type"] for each in told["errors"]] == ["builtins.ValueError", "builtins.KeyError"]


@pytest.mark.parametrize(
    ("wanted", "terminal", "kind"),
    [
        ("auto", True, Text),
        ("auto", False, JsonLines),
        ("json", True, JsonLines),
        ("text", False, Text),
    ],
)
def test_it_is_text_on_a_terminal_alone_unless_it_is_said(monkeypatch, wanted, terminal, kind):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    config = log_config(wanted)
    assert config["formatters"]["lines"]["()"] is kind
    logging.config.DictConfigurator(config)
