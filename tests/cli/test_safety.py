"""The doctor refuses what would betray people: unsafe settings, and a clock that drifts."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import NamedTuple

import pytest

from portal.cli import safety
from portal.platform.settings import load
from tests.harness import cluster

RING = "k" * 40
GOOD = {
    "PORTAL_DATABASE_URL": "postgresql://portal_app@db/portal",
    "PORTAL_URL": "https://portal.example.com",
    "PORTAL_SECRET_KEYS": RING,
}


def states(**given: str) -> dict[str, str]:
    return {finding.found: finding.state for finding in safety.safe_settings(load(given)) if finding.what == "Settings"}


def test_settings_that_are_safe_are_told_to_be():
    assert states(**GOOD) == {"none is unsafe": "ok"}
    assert states() == {"none is unsafe": "ok"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"PORTAL_URL": "http://portal.example.com"}, "in the open"),
        ({"PORTAL_URL": ""}, "PORTAL_URL is not set"),
        ({"PORTAL_TRUSTED_PROXIES": "10.0.0.1, ::/0"}, "trusts everybody"),
    ],
)
def test_an_unsafe_setting_is_bad(changed, told):
    [(said, state)] = states(**GOOD | changed).items()
    assert (state, told in said) == ("bad", True), said


def test_a_key_ring_beside_what_it_protects_is_noted():
    [(said, state)] = states(**GOOD | {"PORTAL_SECRET_KEYS": ""}).items()
    assert (state, "key ring" in said) == ("note", True)


def test_our_clock_is_the_databases(database):
    [finding] = safety.clock_of_database(cluster.url("portal_app", database))
    assert (finding.what, finding.state) == ("Clock and database", "ok")


def test_a_clock_that_drifts_from_the_databases_is_bad(database, monkeypatch):
    monkeypatch.setattr(safety, "time", _Ahead(60))
    [finding] = safety.clock_of_database(cluster.url("portal_app", database))
    assert (finding.state, finding.found[:3]) == ("bad", "+60")
    assert "chronyd" in finding.mend


@pytest.mark.parametrize(("seconds", "state"), [(0, "ok"), (-1, "ok"), (60, "bad"), (-600, "bad")])
@pytest.mark.parametrize("kind", ["http", "ntp"])
def test_a_clock_of_the_world_is_asked_where_one_is_named(kind, seconds, state):
    with {"http": dated, "ntp": ticking}[kind](seconds) as address:
        [finding] = safety.clock_of_world(address)
    assert (finding.what, finding.state) == ("Clock and world", state), finding.found


def test_a_clock_that_does_not_answer_is_noted(monkeypatch):
    monkeypatch.setattr(safety, "PATIENCE", 0.2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        [finding] = safety.clock_of_world(f"ntp://127.0.0.1:{silent.getsockname()[1]}")
    assert finding.state == "note"
    assert list(safety.clock_of_world(None)) == []


@pytest.mark.parametrize(("answer", "state"), [(b"PONG\0", "ok"), (b"", "bad")])
def test_a_scanner_is_asked_whether_it_lives(tmp_path, answer, state):
    path = str(tmp_path / "clamd.ctl")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        speaker = threading.Thread(target=_pong, args=(server, answer))
        speaker.start()
        scanner = list(safety.safe_settings(load(GOOD | {"PORTAL_SCANNER_URL": f"clamd://{path}"})))[-1]
        speaker.join()
    assert (scanner.what, scanner.state) == ("Scanner of files", state)


def _pong(server: socket.socket, answer: bytes) -> None:
    line, _address = server.accept()
    with line:
        assert line.recv(64) == b"zPING\0"
        line.sendall(answer)


class _Ahead(NamedTuple):
    """A clock that is so many seconds ahead of the true one."""

    seconds: float

    def time(self) -> float:
        return time.time() + self.seconds


@contextmanager
def dated(behind: float) -> Iterator[str]:
    """A web server whose Date is that far behind ours."""

    class Answer(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.end_headers()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(time.time() - behind)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


@contextmanager
def ticking(behind: float) -> Iterator[str]:
    """A time server (SNTP) that is that far behind us."""

    def answer() -> None:
        try:
            question, asker = server.recvfrom(512)
        except OSError:
            return
        now = time.time() - behind + safety.SINCE_1900
        moment = int(now).to_bytes(4, "big") + int(now % 1 * 2**32).to_bytes(4, "big")
        if len(question) == 48:
            server.sendto(b"\x1c" + bytes(39) + moment, asker)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        address = f"ntp://127.0.0.1:{server.getsockname()[1]}"
        speaker = threading.Thread(target=answer, daemon=True)
        speaker.start()
        yield address
