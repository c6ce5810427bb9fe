"""Pages and their files travel compressed to those who take it; answers of the API do not."""

import pytest

from service.web.pages import static_url

PACKED = {"Accept-Encoding": "br, gzip"}
PLAIN = {"Accept-Encoding": "identity"}


@pytest.mark.parametrize(
    "path", ["/vi/", "/en/platforms", "/vi/platforms/no-such", static_url("base.css")]
)
def test_a_page_or_file_is_smaller_and_says_the_same(visitor, path):
    client = visitor.client
    packed, plain = client.get(path, headers=PACKED), client.get(path, headers=PLAIN)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) < 0.6 * len(plain.content)
    assert "Content-Encoding" not in plain.headers
    assert packed.text == plain.text
    assert packed.status_code == plain.status_code


def test_the_api_does_not_compress(visitor):
    answer = visitor.client.get("/v1/platforms", headers=PACKED)
    assert len(answer.content) > 10_000
    assert "Content-Encoding" not in answer.headers
