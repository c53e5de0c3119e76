"""Traces by OpenTelemetry: request, statements, job. Off, and not even imported, unless the environment asks for them.

What is exported where is said by the standard variables (OTEL_EXPORTER_OTLP_ENDPOINT and its kin, OTEL_TRACES_SAMPLER,
OTEL_RESOURCE_ATTRIBUTES, OTEL_SDK_DISABLED); the protocol is OTLP over HTTP. A trace goes on where W3C's `traceparent`
says that it came from, and a job carries it in its message. `tracestate` and `baggage` end here: they are other
people's words, and ours go to third parties.
"""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import structlog

from portal.platform.watching import errand
from portal.platform.watching.shapes import name, shape

log = structlog.get_logger("tracing")
SERVICE: Final = "procurement-portal"
HEADER: Final = "traceparent"
ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
SPOKEN: Final = "http/protobuf"
GOODBYE: Final = 2.0  # seconds for what was not exported yet
_provider: Any = None
_tracer: Any = None


def wanted(environment: Mapping[str, str]) -> bool:
    """Whether the environment names somewhere for traces to go."""
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true" or exporter not in ("", "otlp"):
        return False
    return exporter == "otlp" or any(environment.get(name, "").strip() for name in ENDPOINTS)


def endpoint(environment: Mapping[str, str]) -> str:
    """Where traces go; without a word, to a collector on this machine."""
    return next(filter(None, (environment.get(name, "").strip() for name in ENDPOINTS)), "http://localhost:4318")


def protocol(environment: Mapping[str, str]) -> str:
    return next(filter(None, (environment.get(name, "").strip() for name in PROTOCOLS)), SPOKEN)


def begin(part: str) -> None:
    """Trace this process from now on, if that is wanted: after the fork, since exporting has a thread of its own."""
    global _provider, _tracer
    if _provider is not None or not wanted(os.environ):
        return
    if (asked := protocol(os.environ)) != SPOKEN:
        log.error("no traces are exported: the protocol is not spoken here", protocol=asked, speaks=SPOKEN)
        return
    from portal.platform.watching import exporting

    _provider = exporting.provider(part)
    _tracer = _provider.get_tracer("portal")


def end() -> None:
    """Export what waits, for a short while; it blocks. A collector that does not answer keeps nobody from ending."""
    global _provider, _tracer
    provider, _provider, _tracer = _provider, None, None
    if provider is not None:
        ending = threading.Thread(target=provider.shutdown, name="traces", daemon=True)
        ending.start()
        ending.join(GOODBYE)


def is_on() -> bool:
    return _tracer is not None


def started(kind: str, called: str, parent: str = "", **facts: Any) -> Any:
    """A new span of a kind (server, consumer, client), as a child of a `traceparent`; None where nothing is traced."""
    if _tracer is None:
        return None
    from portal.platform.watching import exporting

    return exporting.span(_tracer, kind, called, parent, _facts(facts))


def ended(span: Any, called: str = "", *, failed: str = "", **facts: Any) -> None:
    """End a span with what became known on the way; `failed` names the kind of failure, never what it said."""
    if span is None:
        return
    from portal.platform.watching import exporting

    if called:
        span.update_name(called)
    span.set_attributes(_facts(facts))
    if failed:
        exporting.fail(span, failed)
    span.end()


def statement(parent: Any, sql: str, seconds: float, error: BaseException | None) -> None:
    """A span for a statement that was just answered: its name, its shape, and the kind of its failure."""
    if _tracer is None or not parent.is_recording():
        return
    from portal.platform.watching import exporting

    now, shaped = time.time_ns(), shape(sql)
    facts = {"db.system.name": "postgresql", "db.query.summary": name(shaped), "db.query.text": shaped}
    if code := getattr(error, "sqlstate", None):
        facts["db.response.status_code"] = code
    failed = "" if error is None else type(error).__name__
    exporting.past(_tracer, parent, name(shaped), facts, now - int(seconds * 1e9), now, failed)


def carried() -> dict[str, str]:
    """What a message or a request to others carries on, so that they go on with this trace; nothing without one."""
    present = errand.present()
    if present is None or present.span is None:
        return {}
    at = present.span.get_span_context()
    return {HEADER: f"00-{at.trace_id:032x}-{at.span_id:016x}-{int(at.trace_flags):02x}"}


def trace_id() -> str:
    """The present trace's, for the log; empty without one."""
    return carried().get(HEADER, "")[3:35]


@contextmanager
def asking(called: str) -> Iterator[dict[str, str]]:
    """Ask somebody else by HTTP: gives the headers that carry the trace on, and tells how long they took."""
    present = errand.present()
    if present is None or present.span is None:
        yield {}
        return
    span = started("client", called, carried()[HEADER])
    inside = errand.enter(errand.Errand(span))
    failed = ""
    try:
        yield carried()
    except BaseException as error:
        failed = type(error).__name__
        raise
    finally:
        errand.leave(inside)
        ended(span, failed=failed)


def _facts(named: Mapping[str, Any]) -> dict[str, Any]:
    """Keywords as OpenTelemetry names things: `http_route` is `http.route`, `status__code` is `status_code`."""
    return {key.replace("__", "\0").replace("_", ".").replace("\0", "_"): value for key, value in named.items()}
