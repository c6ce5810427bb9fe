"""A span for each request, without anything of a business, where it is asked for."""

import logging
import sys

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from service.telemetry.requests import Observed
from service.telemetry.tracing import Tracing, TracingError, asked_for, make_tracing, tracing_from

PARENT = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def call(exporter):
    """Send a request for `/v1/profiles/zq7?zq7` to an application and return its span."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))

    async def send(message):
        pass

    async def call_now(app, *headers):
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/v1/profiles/zq7",
            "query_string": b"zq7",
            "headers": [(b"user-agent", b"zq7"), *headers],
            "client": ("203.0.113.77", 1),
        }
        await Observed(app, tracing=Tracing(provider))(scope, None, send)

    return call_now


def answering(status):
    async def app(scope, receive, send):
        scope["path_template"] = "/v1/profiles/{profile_id}"
        await send({"type": "http.response.start", "status": status, "headers": []})

    return app


@pytest.mark.anyio
async def test_a_span_tells_route_status_and_id_and_nothing_else(call, exporter):
    id_ = b"0123456789abcdef" * 2
    await call(answering(200), (b"x-request-id", id_))
    (span,) = exporter.get_finished_spans()
    assert span.name == "GET /v1/profiles/{profile_id}"
    assert span.kind is SpanKind.SERVER
    assert dict(span.attributes) == {
        "http.request.method": "GET",
        "http.route": "/v1/profiles/{profile_id}",
        "http.response.status_code": 200,
        "smedx.request_id": id_.decode(),
    }
    assert span.status.status_code is StatusCode.UNSET
    assert span.parent is None
    assert "zq7" not in span.to_json()


@pytest.mark.anyio
async def test_it_goes_on_with_the_trace_of_the_caller(call, exporter):
    await call(answering(200), (b"traceparent", PARENT))
    await call(answering(200), (b"traceparent", b"zq7"))
    first, second = exporter.get_finished_spans()
    assert f"{first.context.trace_id:x}" == "af7651916cd43dd8448eb211c80319c"
    assert f"{first.parent.span_id:x}" == "b7ad6b7169203331"
    assert second.parent is None


@pytest.mark.anyio
async def test_what_fails_is_marked_but_not_told(call, exporter):
    async def failing(scope, receive, send):
        raise RuntimeError("of the business zq7")

    with pytest.raises(RuntimeError):
        await call(failing)
    await call(answering(503))
    unanswered, answered = exporter.get_finished_spans()
    assert unanswered.name == "GET"
    assert unanswered.attributes["http.response.status_code"] == 500
    for span in (unanswered, answered):
        assert span.status.status_code is StatusCode.ERROR
        assert span.events == ()
        assert "zq7" not in span.to_json()


@pytest.mark.parametrize(
    ("environment", "variable"),
    [
        ({}, None),
        ({"OTEL_SERVICE_NAME": "smedx"}, None),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, None),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "TRUE"}, None),
        ({"OTEL_TRACES_EXPORTER": "console"}, "OTEL_TRACES_EXPORTER"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, "OTEL_EXPORTER_OTLP_ENDPOINT"),
    ],
)
def test_the_standard_variables_switch_it_on(environment, variable):
    assert asked_for(environment) == variable
    if variable is None:
        assert tracing_from(environment) is None


def test_spans_bear_the_name_that_is_asked_for(call):
    asked = {"OTEL_TRACES_EXPORTER": "console"}
    for name in ("", "smedx-staging"):
        tracing = make_tracing(asked | {"OTEL_SERVICE_NAME": name})
        resource = tracing._provider.resource
        assert resource.attributes["service.name"] == (name or "smedx")
        tracing.close()


def test_without_the_library_it_serves_all_the_same_and_says_what_to_install(monkeypatch, caplog):
    asked = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with caplog.at_level(logging.WARNING):
        assert tracing_from(asked) is None
    assert "OTEL_EXPORTER_OTLP_ENDPOINT asks for them" in caplog.text
    assert "pip install --editable '.[telemetry]'" in caplog.text


def test_an_exporter_that_is_not_known_is_named():
    with pytest.raises(TracingError, match="'zipkin': expected otlp, console or none"):
        make_tracing({"OTEL_TRACES_EXPORTER": "zipkin"})
