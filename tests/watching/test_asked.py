"""Who reads /metrics, and that none of it costs anything until somebody wants it."""

import socket
import subprocess
import sys
import time
from ipaddress import ip_network
from typing import Any, cast

import httpx
import pytest
from structlog.testing import capture_logs

from portal.platform.settings import override
from portal.platform.watching import metrics, tracing

OFF = """
import sys
import portal.app, portal.cli
portal.app.wire()
portal.app.create_app()
from portal.platform.watching import tracing
tracing.begin("web")
print([name for name in sys.modules if name.startswith(("prometheus_client", "opentelemetry.sdk", "opentelemetry.exp",
    "requests", "google.protobuf"))])
"""


@pytest.fixture
def counting(connected: None, tmp_path):
    with override(data=tmp_path):
        metrics.begin("web")
        yield
        metrics.end()


async def asked(app: Any, address: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=cast(Any, app), client=(address, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        return await client.get("/metrics", headers=headers)


async def test_this_machine_reads_the_figures_and_nobody_else(app, counting):
    assert (await asked(app, "127.0.0.1")).status_code == 200
    assert (await asked(app, "::1")).status_code == 200
    assert (await asked(app, "::ffff:127.0.0.1")).status_code == 200
    assert (await asked(app, "10.1.2.3")).status_code == 404
    assert (await asked(app, "nowhere")).status_code == 404
    with override(metrics_networks=(ip_network("10.1.0.0/16"),)):
        assert (await asked(app, "10.1.2.3")).status_code == 200
        assert (await asked(app, "10.2.2.3")).status_code == 404


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-proto"])
async def test_what_a_proxy_passes_on_is_nobody_of_this_machine(app, counting, header):
    assert (await asked(app, "127.0.0.1", **{header: "127.0.0.1"})).status_code == 404


async def test_a_process_that_counts_nothing_has_no_figures(app):
    assert (await asked(app, "127.0.0.1")).status_code == 404


async def test_an_address_that_nobody_made_is_counted_without_its_words(app, counting, anonymous):
    for path in ("/no/Zebrafinch", "/api/v1/Zebrafinch", "/orders/Zebrafinch"):
        await anonymous.get(path)
    page = (await asked(app, "127.0.0.1")).text
    assert "Zebrafinch" not in page
    assert 'portal_http_requests_total{method="GET",route="-",status="404"}' in page


async def test_a_database_that_does_not_answer_is_a_figure_too(app, counting, monkeypatch):
    from portal.platform.watching import looking

    async def silent() -> None:
        return None

    monkeypatch.setattr(looking, "look", silent)
    page = (await asked(app, "127.0.0.1")).text
    assert "portal_database_up 0.0" in page
    assert "portal_queue_jobs" not in page


def test_nothing_is_loaded_that_nobody_asked_for():
    told = subprocess.run([sys.executable, "-c", OFF], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("environment", "on"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, False),
        ({"OTEL_SDK_DISABLED": "True", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, False),
    ],
)
def test_traces_are_on_where_the_standard_variables_say_so(environment: dict[str, str], on: bool):
    assert tracing.wanted(environment) is on


def test_a_collector_that_never_answers_keeps_no_process_from_ending(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        tracing.begin("web")
        tracing.ended(tracing.started("server", "GET"), "GET /orders")
        began = time.monotonic()
        tracing.end()
    assert time.monotonic() - began < tracing.GOODBYE + 1


@pytest.mark.parametrize("protocol", ["grpc", "http/json"])
def test_a_protocol_that_is_not_spoken_is_told_and_traces_nothing(monkeypatch, protocol: str):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
    with capture_logs() as told:
        tracing.begin("web")
    assert (tracing.is_on(), [each["protocol"] for each in told]) == (False, [protocol])
