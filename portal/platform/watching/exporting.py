"""What of tracing needs OpenTelemetry's library: imported only where traces are wanted."""

from collections.abc import Mapping
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from portal.platform.watching.tracing import HEADER, SERVICE

KINDS = {"server": SpanKind.SERVER, "consumer": SpanKind.CONSUMER, "client": SpanKind.CLIENT}
_PROPAGATOR = TraceContextTextMapPropagator()


def provider(part: str) -> TracerProvider:
    """Spans of this process, on their way to the collector that the environment names."""
    resource = Resource.create({"portal.part": part})
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: SERVICE}))
    made = TracerProvider(resource=resource, shutdown_on_exit=False)
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made


def span(tracer: Tracer, kind: str, called: str, parent: str, facts: Mapping[str, Any]) -> Any:
    came_from = _PROPAGATOR.extract({HEADER: parent}) if parent else None
    return tracer.start_span(called, came_from, KINDS[kind], attributes=facts)


def past(
    tracer: Tracer, parent: Any, called: str, facts: Mapping[str, Any], began: int, ended: int, failed: str
) -> None:
    """A span that is over already; times in nanoseconds since 1970."""
    context = set_span_in_context(parent)
    made = tracer.start_span(called, context, SpanKind.CLIENT, attributes=facts, start_time=began)
    if failed:
        fail(made, failed)
    made.end(ended)


def fail(made: Any, failed: str) -> None:
    made.set_attribute("error.type", failed)
    made.set_status(Status(StatusCode.ERROR))
