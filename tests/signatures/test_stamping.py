"""A time-stamp authority says when something was signed; without its word nothing is."""

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from portal.platform.settings import override
from portal.signatures import commands
from portal.signatures.judging import verdict
from portal.signatures.keeping import kept
from portal.signatures.stamping import Unstamped
from tests.harness.banks import proved
from tests.harness.signings import opened_signing
from tests.harness.world import trading_pair
from tests.signatures.test_signing import pdfsig

TSA = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
[req]
distinguished_name = name
x509_extensions = stamps
prompt = no
[name]
CN = Clock tower of the tests
[stamps]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
"""


class Authority(BaseHTTPRequestHandler):
    """OpenSSL's time-stamp authority behind HTTP, or one that is not as it should be."""

    folder: Path

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/other":
            asked = asked.replace(asked[asked.index(b"\x04\x20") + 2 :][:32], bytes(32))
        answer = b"<html>" if self.path == "/odd" else stamped(self.folder, asked)
        self.send_response(500 if self.path == "/fails" else 200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_told: Any) -> None:
        """Nobody is told."""


def stamped(folder: Path, asked: bytes) -> bytes:
    (folder / "asked").write_bytes(asked)
    reply = ["openssl", "ts", "-reply", "-config", folder / "conf", "-queryfile", folder / "asked"]
    return subprocess.run(reply, capture_output=True, check=True).stdout


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "conf").write_text(TSA.format(folder=tmp_path))
    (tmp_path / "serial").write_text("01\n")
    made = ["-keyout", tmp_path / "tsa.key", "-out", tmp_path / "tsa.pem", "-config", tmp_path / "conf"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *made],
        capture_output=True,
        check=True,
    )
    Authority.folder = tmp_path
    server = HTTPServer(("127.0.0.1", 0), Authority)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


async def test_both_signatures_bear_the_time_of_the_authority(connected, tsa, tmp_path):
    company, supplier = await trading_pair()
    signing = await opened_signing(company, supplier)
    with override(timestamp_url=f"{tsa}/stamp"):
        await commands.sign(proved(company.buyer), signing.id)
        done = await commands.sign(proved(supplier.order_desk), signing.id)
    pdf = await kept(done.sha256)

    found = await verdict(pdf)
    assert [(each.holds, each.portal) for each in found.signatures] == [(True, True)] * 2
    for each in found.signatures:
        assert each.stamped_at is not None
        assert "Clock tower of the tests" in each.stamped_by
    (tmp_path / "signed.pdf").write_bytes(pdf)
    said = await asyncio.to_thread(pdfsig, tmp_path / "signed.pdf")
    assert said.count("Signature is Valid") == 2


@pytest.mark.parametrize("path", ["other", "odd", "fails"])
async def test_without_the_authoritys_word_nothing_is_signed(connected, tsa, superuser, path):
    company, supplier = await trading_pair()
    signing = await opened_signing(company, supplier)
    with override(timestamp_url=f"{tsa}/{path}"), pytest.raises(Unstamped):
        await commands.sign(proved(company.buyer), signing.id)
    assert superuser.execute("select signed, sha256 from signing where id = %s", [signing.id]).fetchone() == (
        0,
        signing.sha256,
    )

    signed = await commands.sign(proved(company.buyer), signing.id)
    assert signed.signed == 1
