"""A portal in production's clothes (two web processes, worker, scheduler), and a collector that takes its traces."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from portal.access.commands import open_session
from portal.platform.actor import Actor
from portal.platform.settings import settings
from tests.harness.cluster import RING
from tests.harness.parts import eventually

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from portal.cli import main; main()"]


class Span(NamedTuple):
    """What a collector was told of a span."""

    part: str
    name: str
    trace: str
    id: str
    parent: str
    facts: dict[str, Any]


class Collector:
    """An OTLP/HTTP receiver that reads what it is sent; `raw` holds every byte of it."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.raw = b""
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                assert (self.path, self.headers["content-type"]) == ("/v1/traces", "application/x-protobuf")
                collector.take(body)
                self.send_response(200)
                self.send_header("content-type", "application/x-protobuf")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_told: Any) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def environment(self) -> dict[str, str]:
        """What makes a process send its traces here, soon."""
        address = f"http://127.0.0.1:{self.server.server_port}"
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_BSP_SCHEDULE_DELAY": "100"}

    def take(self, body: bytes) -> None:
        self.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            whose = {each.key: each.value.string_value for each in resource.resource.attributes}
            assert whose["service.name"] == "procurement-portal"
            for scope in resource.scope_spans:
                self.spans += [_span(whose["portal.part"], span) for span in scope.spans]

    def named(self, *names: str) -> list[Span]:
        return [span for span in list(self.spans) if span.name in names]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def _span(part: str, span: Any) -> Span:
    facts = {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}
    return Span(part, span.name, span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex(), facts)


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.close()


class Whole:
    """The parts of a portal on this worker's database, as an operator starts them."""

    def __init__(self, folder: Path, **environment: str) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "OTEL_"))}
        known = {"PORTAL_DATABASE_URL": str(settings().database_url), "PORTAL_SECRET_KEYS": RING}
        known |= {"PORTAL_DATA": str(folder), "PYTHONPATH": str(ROOT)}
        known |= {"PORTAL_DOCUMENTS_URL": settings().documents}
        self.folder = folder
        self.environment = clean | known | environment
        self.parts: dict[str, subprocess.Popen[bytes]] = {}
        self.url = ""

    def start(self, *parts: str) -> None:
        for part in parts:
            options = ("--port", "0", "--processes", "2") if part == "serve" else ()
            with self.log(part).open("ab") as said:
                self.parts[part] = subprocess.Popen(
                    [*COMMAND, part, *options], cwd=ROOT, env=self.environment, stdout=said, stderr=said
                )
        if "serve" in parts:
            self.url = eventually(lambda: self.says("serve", "serving"), 60)["url"]

    def log(self, part: str) -> Path:
        return self.folder / f"{part}.log"

    def lines(self, part: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log(part).read_text().splitlines() if line.startswith("{")]

    def says(self, part: str, event: str, **facts: Any) -> dict[str, Any] | None:
        wanted = facts.items()
        return next((line for line in self.lines(part) if line.get("event") == event and wanted <= line.items()), None)

    def stop(self) -> dict[str, int]:
        """Ask every part to end; their exit codes."""
        for process in self.parts.values():
            process.send_signal(signal.SIGTERM)
        return {part: process.wait(20) for part, process in self.parts.items()}

    def examined(self) -> list[dict[str, Any]]:
        """What the doctor finds beside it."""
        asked = subprocess.run([*COMMAND, "doctor", "--json"], env=self.environment, capture_output=True, check=False)
        return json.loads(asked.stdout)

    async def client(self, actor: Actor) -> httpx.AsyncClient:
        assert actor.person_id is not None
        opened = await open_session(actor.person_id, actor.organisation_id, "127.0.0.1", "tests")
        return httpx.AsyncClient(
            base_url=self.url,
            cookies={"session": opened.token},
            headers={"x-csrf-token": opened.csrf},
            timeout=30,
            trust_env=False,
        )

    def scraped(self) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
        """Every sample of /metrics, as Prometheus' own parser reads it."""
        page = httpx.get(f"{self.url}/metrics", trust_env=False, timeout=30)
        assert page.status_code == 200, page.text
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(page.text)
            for sample in family.samples
        }


@pytest.fixture
def whole(connected: None, tmp_path: Path, superuser: Any) -> Iterator[Callable[..., Whole]]:
    """`whole(PORTAL_SLOW="0")`: a portal that ends with the test at the latest, and an empty queue."""
    made: list[Whole] = []
    superuser.execute("delete from dramatiq.queue; delete from dramatiq.worker; delete from dramatiq.scheduler")

    def begin(**environment: str) -> Whole:
        made.append(Whole(tmp_path, **environment))
        return made[-1]

    yield begin
    for portal in made:
        for process in portal.parts.values():
            if process.poll() is None:
                process.terminate()
        for process in portal.parts.values():
            process.wait(20)
    superuser.execute("delete from dramatiq.queue; delete from dramatiq.worker; delete from dramatiq.scheduler")


def value(samples: dict[Any, float], name: str, **labels: str) -> float:
    """The sum of the samples of a name that have at least these labels."""
    wanted = labels.items()
    return sum(number for (known, given), number in samples.items() if known == name and wanted <= dict(given).items())
