"""An origin is kept as browsers send it, or refused."""

import pytest

from service.access.origins import parse_origin


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ("https://www.example.vn", "https://www.example.vn"),
        ("https://WWW.Example.VN/", "https://www.example.vn"),
        (" https://example.vn:443", "https://example.vn"),
        ("http://example.vn:80", "http://example.vn"),
        ("https://example.vn:8443", "https://example.vn:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://cửahàng.vn", "https://xn--cahng-tqa2694c.vn"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(told, sent):
    assert parse_origin(told) == sent


@pytest.mark.parametrize(
    "told",
    [
        "",
        "*",
        "null",
        "example.vn",
        "https://",
        "https://*.example.vn",
        "https://example.vn/page",
        "https://example.vn?x=1",
        "https://user@example.vn",
        "https://example.vn:port",
        "file:///home",
        "ftp://example.vn",
    ],
)
def test_what_is_no_origin_is_refused(told):
    with pytest.raises(ValueError, match="expected a scheme and a host such as https://"):
        parse_origin(told)
