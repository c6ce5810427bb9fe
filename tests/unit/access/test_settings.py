"""Which addresses need keys, and whose word on addresses is taken."""

import pytest

from service.settings import Settings, SettingsError


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example.vn", False),
    ],
)
def test_only_this_machine_needs_no_key(host, loopback):
    assert Settings(host=host).loopback == loopback


def test_proxies_are_addresses_and_networks():
    settings = Settings.from_environment({"TRUSTED_PROXIES": "10.0.0.0/8, ::1"})
    assert settings.trusted_proxies.listed == ["10.0.0.0/8", "::1"]
    assert Settings().trusted_proxies.listed == []


@pytest.mark.parametrize(
    ("name", "told", "expected"),
    [
        ("LOG_FORMAT", "xml", "one of auto, json, text"),
        ("PORT", "http", "a whole number from 0 to 65535"),
        ("PORT", "99999", "a whole number from 0 to 65535"),
        ("ACCESS_LOG", "maybe", "true or false"),
        ("MODEL_POLL_SECONDS", "nan", "a number above 0"),
        ("KEY_POLL_SECONDS", "3", "a number above 0, 2 at most"),
        ("FORMS_A_MINUTE", "0", "a whole number of at least 1"),
        (
            "TRUSTED_PROXIES",
            "10.0.0.1/8",
            "addresses and networks, separated by commas, such as 127.0.0.1, 10.0.0.0/8",
        ),
    ],
)
def test_what_a_setting_may_be_is_told(name, told, expected):
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({name: told})
    assert str(refused.value) == f"{name}={told!r}: expected {expected}"


@pytest.mark.parametrize("told", ["*", "proxy", "10.0.0.1/8", "10.0.0.1;10.0.0.2"])
def test_what_is_no_address_is_refused_and_named(told):
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES="):
        Settings.from_environment({"TRUSTED_PROXIES": told})
