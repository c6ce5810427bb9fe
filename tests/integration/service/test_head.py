"""HEAD answers what GET does, without the body (RFC 9110, section 9.3.2)."""

import httpx
import pytest

PAGES = ("/", "/vi", "/vi/about", "/en/platforms?q=till", "/vi/platforms/sapo", "/vi/help")
FILES = ("/widget/v1.js", "/static/base.css", "/schema/openapi.json")
API = ("/v1/platforms/sapo", "/v1/questionnaire", "/health/live", "/metrics")
REFUSED = ("/nothing", "/vi/nothing", "/v1/platforms/nothing", "/v1/events", "/vi/start")
METHODS = {
    "/v1/platforms/sapo": "GET, HEAD, OPTIONS",
    "/v1/profiles": "OPTIONS, POST",
    "/vi/about": "GET, HEAD, OPTIONS",
    "/vi/help": "GET, HEAD, OPTIONS, POST",
}
DIFFER = {"date", "x-request-id"}


@pytest.fixture
def client(start):
    server = start()
    server.wait_for(lambda: server.client.get("/health/live").status_code == 200)
    with httpx.Client(base_url=server.url) as client:
        yield client


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_head_answers_what_get_does_without_the_body(client, encoding, subtests):
    client.headers["Accept-Encoding"] = encoding
    for path in (*PAGES, *FILES, *API, *REFUSED):
        with subtests.test(path):
            got, asked = client.get(path), client.head(path)
            assert (asked.status_code, asked.content) == (got.status_code, b"")
            differ = DIFFER | ({"content-length"} if path == "/metrics" else set())
            for name in {*got.headers, *asked.headers} - differ:
                assert asked.headers.get(name) == got.headers.get(name), name


def test_each_address_tells_what_it_takes(client, subtests):
    for path, methods in METHODS.items():
        with subtests.test(path):
            assert client.options(path).headers["Allow"] == methods
            refused = client.patch(path)
            assert (refused.status_code, refused.headers["Allow"]) == (405, methods)


def test_head_is_counted_as_what_it_is(client):
    client.head("/v1/platforms/sapo")
    counted = 'smedx_requests_total{method="HEAD",route="/v1/platforms/{platform_id}",status="200"}'
    assert f"{counted} 1.0" in client.get("/metrics").text
