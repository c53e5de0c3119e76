"""The site of `deploy/` in a real nginx, in front of two servers that say what reached them."""

import json
import os
import signal
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.platform.processes import die_with_parent
from tests.harness.parts import eventually
from tests.harness.rabbit import free_port

SITE = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
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


def certify(folder: Path) -> None:
    """A certificate that only this test trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "portal.key").write_bytes(private)
    (folder / "portal.crt").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


@pytest.fixture
def site(hosts: list[ThreadingHTTPServer], tmp_path: Path) -> Iterator[httpx.Client]:
    """The site as it is, but for names, ports and places."""
    certify(tmp_path)
    port, text = free_port(), SITE.read_text()
    for name, host in zip(("web-1:8000", "web-2:8000"), hosts, strict=True):
        text = text.replace(name, f"127.0.0.1:{host.server_port}")
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("/etc/nginx/certificates", str(tmp_path))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {tmp_path / kind};\n" for kind in kinds)
    whole = f"pid {tmp_path}/nginx.pid;\nevents {{}}\nhttp {{\naccess_log off;\n{places}{text}\n}}\n"
    (tmp_path / "nginx.conf").write_text(("user root;\n" if os.getuid() == 0 else "") + whole)
    command = ["nginx", "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "nginx.log"), "-g", "daemon off;"]
    server = subprocess.Popen(command, preexec_fn=die_with_parent(signal.SIGTERM))
    eventually(lambda: answers(port) or server.poll() is not None, 60)
    assert server.poll() is None, (tmp_path / "nginx.log").read_text()
    trusted = ssl.create_default_context(cafile=tmp_path / "portal.crt")
    with httpx.Client(base_url=f"https://localhost:{port}", verify=trusted, timeout=60) as client:
        yield client
    server.terminate()
    server.wait(20)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


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
