"""Whatever is sent is answered as the OpenAPI document says: a bounded run of `make fuzz`."""

import re

from benchmarks import fuzz

EXAMPLES, AT_LEAST = 8, 1000


def test_whatever_is_sent_is_answered_as_the_document_says(start, smedx, models, tmp_path):
    created = smedx(*fuzz.NEW_KEY, *fuzz.UNLIMITED)
    (key,) = re.findall(r"smedx_sk_\w{8}_[\w-]{43}", created.stdout)
    server = start()
    server.wait_until_live()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    figures = fuzz.fuzz(server.url, key, scratch, EXAMPLES)
    assert (figures.server_errors, figures.schema_violations) == (0, 0)
    paths = server.client.get("/schema/openapi.json").json()["paths"]
    assert figures.operations == sum(map(len, paths.values()))
    assert figures.links > 0
    assert figures.cases >= AT_LEAST
    assert server.process.poll() is None, server.said()
    assert server.ready() == (200, "")
