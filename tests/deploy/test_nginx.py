"""The site of `deploy/` in a real nginx, in front of two servers that say what reached them."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.harness import nginx

FORGED = {"x-forwarded-for": "203.0.113.7", "forwarded": "for=203.0.113.7", "x-forwarded-host": "evil.example"}
BIG = b"x" * 12_000_000


class Told(BaseHTTPRequestHandler):
    """Answers with what it was asked, and lets events come one at a time."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.endswith("/progress"):
            self.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: 1\n\n"
            )
            self.wfile.flush()
            self.close_connection = True
            self.server.more.wait(30)  # type: ignore[attr-defined]
            self.wfile.write(b"data: 2\n\n")
            return
        read = len(self.rfile.read(int(self.headers.get("content-length", 0))))
        body = json.dumps({"port": self.server.server_port, "read": read, **dict(self.headers)}).encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """What nginx passes on is looked at by the stories themselves."""


@pytest.fixture
def hosts() -> Iterator[list[ThreadingHTTPServer]]:
    found = [ThreadingHTTPServer(("127.0.0.1", 0), Told) for _ in range(2)]
    for host in found:
        host.more = threading.Event()  # type: ignore[attr-defined]
        threading.Thread(target=host.serve_forever, daemon=True).start()
    yield found
    for host in found:
        host.shutdown()
        host.server_close()


@pytest.fixture
def site(hosts: list[ThreadingHTTPServer], tmp_path: Path) -> Iterator[httpx.Client]:
    """The site as it is, but for names, ports and places."""
    with (
        nginx.before([host.server_port for host in hosts], tmp_path) as there,
        httpx.Client(base_url=there.url, verify=there.trusted, timeout=60) as client,
    ):
        yield client


def test_what_a_caller_says_of_where_it_comes_from_is_replaced(site):
    told = {name.lower(): value for name, value in site.get("/", headers=FORGED).json().items()}
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "https"
    assert told["host"] == site.base_url.netloc.decode()
    assert told.keys() & {"forwarded", "x-forwarded-host"} == set()


def test_both_hosts_are_asked_and_one_that_is_gone_is_missed_by_nobody(site, hosts):
    assert {site.get("/").json()["port"] for _ in range(8)} == {host.server_port for host in hosts}
    hosts[0].shutdown()
    hosts[0].server_close()
    assert {site.get("/").json()["port"] for _ in range(8)} >= {hosts[1].server_port}


@pytest.mark.parametrize(
    "path", ["/files/order/0190", "/api/v1/files/0190", "/imports", "/api/v1/imports/0190/files/a.csv"]
)
def test_files_go_up_beyond_ten_megabytes(site, path):
    assert site.post(path, content=BIG).json()["read"] == len(BIG)


def test_nothing_else_does_and_figures_stay_inside(site):
    assert site.post("/api/v1/purchase-orders", content=BIG).status_code == 413
    assert site.post("/api/v1/filesystem", content=BIG).status_code == 413
    assert site.get("/metrics").status_code == 404


@pytest.mark.parametrize("path", ["/evidence/0190/progress", "/imports/0190/progress"])
def test_progress_is_told_as_it_happens(site, hosts, path):
    with site.stream("GET", path) as answer:
        events = answer.iter_text()
        assert next(events) == "data: 1\n\n"
        for host in hosts:
            host.more.set()
        assert next(events) == "data: 2\n\n"
