"""The site of `deploy/` in a real nginx, with names, ports and places of a test."""

import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.platform.processes import die_with_parent
from tests.harness.parts import eventually
from tests.harness.rabbit import free_port

SITE = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
HOSTS = ("web-1:8000", "web-2:8000")


class Site(NamedTuple):
    url: str
    trusted: ssl.SSLContext


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


@contextmanager
def before(ports: Sequence[int], folder: Path, port: int = 0) -> Iterator[Site]:
    """The site in front of two servers of the loopback; each answer says which of them gave it (`x-host`)."""
    certify(folder)
    port, text = port or free_port(), SITE.read_text()
    for name, host in zip(HOSTS, ports, strict=True):
        text = text.replace(name, f"127.0.0.1:{host}")
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("/etc/nginx/certificates", str(folder))
    text = text.replace(
        "proxy_pass http://portal;", "proxy_pass http://portal; add_header x-host $upstream_addr always;"
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder / kind};\n" for kind in kinds)
    whole = f"pid {folder}/nginx.pid;\nevents {{}}\nhttp {{\naccess_log off;\n{places}{text}\n}}\n"
    (folder / "nginx.conf").write_text(("user root;\n" if os.getuid() == 0 else "") + whole)
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log"), "-g", "daemon off;"]
    server = subprocess.Popen(command, preexec_fn=die_with_parent(signal.SIGTERM))
    try:
        eventually(lambda: answers(port) or server.poll() is not None, 60)
        assert server.poll() is None, (folder / "nginx.log").read_text()
        yield Site(f"https://localhost:{port}", ssl.create_default_context(cafile=folder / "portal.crt"))
    finally:
        server.terminate()
        server.wait(20)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
