"""Traces by OpenTelemetry, where the standard `OTEL_` variables ask for them.

A span tells the method, the template of the route, the status and the id of the request. The usual
instrumentation of ASGI is not used: it records paths, queries, addresses and messages of errors.
"""

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from service.telemetry.current import UNKNOWN, Answering

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

logger = logging.getLogger(__name__)

ASKED_BY = (
    "OTEL_TRACES_EXPORTER",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
)
"""Variables of which one switches tracing on; the others tell how, and are read by the library."""

INSTALL = "pip install --editable '.[telemetry]'"


class TracingError(Exception):
    """Traces that are asked for cannot be made; the message says why."""


class Tracing:
    """Makes a span for each request.

    Args:
        provider: Where spans go.
    """

    def __init__(self, provider: "TracerProvider") -> None:
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind, StatusCode

        self._provider = provider
        self._tracer = provider.get_tracer("smedx")
        self._extract, self._kind, self._error = extract, SpanKind.SERVER, StatusCode.ERROR

    @contextmanager
    def span(self, headers: Iterable[tuple[bytes, bytes]], request: Answering) -> Iterator[None]:
        """Span the time in which a request is answered, below the span of the caller if it has one.

        Args:
            headers: As they were sent; `traceparent` and `tracestate` are read.
            request: What the span tells of, once it has been answered.
        """
        told = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in headers
            if name in (b"traceparent", b"tracestate")
        }
        with self._tracer.start_as_current_span(
            request.method,
            context=self._extract(told),
            kind=self._kind,
            record_exception=False,  # its message may tell of a business
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            finally:
                self._describe(span, request)

    def _describe(self, span: "Span", request: Answering) -> None:
        named = "" if request.route == UNKNOWN else f" {request.route}"
        span.update_name(f"{request.method}{named}")
        span.set_attributes(
            {
                "http.request.method": request.method,
                "http.route": request.route,
                "http.response.status_code": request.status,
                "smedx.request_id": request.id,
            }
        )
        if request.status >= 500:
            span.set_status(self._error)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


def asked_for(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the variable that switches tracing on, or None if none does."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    if environment.get("OTEL_TRACES_EXPORTER") == "none":
        return None
    return next((name for name in ASKED_BY if environment.get(name)), None)


def tracing_from(environment: Mapping[str, str] = os.environ) -> Tracing | None:
    """Return what the environment asks for; the service goes on without what cannot be had."""
    if asked_for(environment) is None:
        return None
    try:
        return make_tracing(environment)
    except TracingError as error:
        logger.warning("there are no traces: %s", error)
        return None


def make_tracing(environment: Mapping[str, str] = os.environ) -> Tracing:
    """Return what makes spans and sends them.

    Raises:
        TracingError: If that is not installed, or not known.
    """
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        exporter = _exporter(environment.get("OTEL_TRACES_EXPORTER") or "otlp")
    except ImportError as error:
        told = f"{asked_for(environment)} asks for them, but OpenTelemetry is not installed"
        raise TracingError(f"{told}: {INSTALL}") from error
    name = environment.get("OTEL_SERVICE_NAME") or "smedx"
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Tracing(provider)


def _exporter(name: str) -> "SpanExporter":
    """Return what sends spans away.

    Raises:
        ImportError: If it is not installed.
        TracingError: If there is none of that name.
    """
    if name == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter()
    if name == "otlp":
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter: SpanExporter = OTLPSpanExporter()
        return exporter
    raise TracingError(f"OTEL_TRACES_EXPORTER={name!r}: expected otlp, console or none")
