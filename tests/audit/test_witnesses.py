"""Checkpoints that lie outside: in a file, at a witness, at a time-stamp authority."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import asyncpg
import pytest

from portal.audit import witnesses
from portal.audit.witnesses import NoWitness
from portal.platform.settings import BadSettings, load, override, settings
from portal.worker.seal import show_newest
from tests.harness.log_rows import seal_now
from tests.harness.world import draft_order, trading_pair


class Outside(BaseHTTPRequestHandler):
    """A witness that countersigns, and a time-stamp authority that grants, refuses, or stamps something else."""

    received: list[tuple[str, str, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.received.append((self.path, self.headers["content-type"], body))
        digest = body[body.index(b"\x04\x20") + 2 :][:32] if self.path.startswith("/tsa") else b""
        answers = {
            "/witness": b"seen",
            "/tsa": stamp(0, digest),
            "/tsa-refuses": stamp(2, digest),
            "/tsa-other": stamp(0, bytes(32)),
            "/tsa-odd": b"<html>",
        }
        self.send_response(200 if self.path in answers else 503)
        self.end_headers()
        self.wfile.write(answers.get(self.path, b""))

    def log_message(self, *_told: Any) -> None:
        """Nobody is told."""


def stamp(status: int, digest: bytes) -> bytes:
    """A TimeStampResp whose token is no more than what is looked at."""
    told = bytes([0x30, 3, 2, 1, status]) + b"\x04\x20" + digest
    return bytes([0x30, len(told)]) + told


@pytest.fixture
def outside() -> Iterator[tuple[str, list[tuple[str, str, bytes]]]]:
    Outside.received = []
    server = HTTPServer(("127.0.0.1", 0), Outside)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", Outside.received
    server.shutdown()
    server.server_close()
    thread.join()


async def a_checkpoint() -> str:
    company, supplier = await trading_pair()
    await draft_order(company, supplier)
    sealed: Any = await seal_now()
    return sealed.note


async def test_the_newest_note_lies_in_the_data_folder_and_is_read_back(connected, tmp_path):
    with override(data=tmp_path):
        first, second = await a_checkpoint(), await a_checkpoint()
        witnesses.keep(first)
        witnesses.keep(second)
        assert witnesses.newest() == second
        assert list(witnesses.kept()) == [second, first]
        assert (tmp_path / "audit").stat().st_mode & 0o77 == 0


async def test_every_witness_is_shown_each_checkpoint_once_and_its_receipt_is_kept(
    connected, tmp_path, outside, superuser
):
    url, received = outside
    named = (f"{(tmp_path / 'media').as_uri()}", f"{url}/witness", f"timestamp+{url}/tsa", f"{url}/closed")
    connection = await asyncpg.connect(settings().database_url)
    shown: dict[str, str] = {}
    with override(data=tmp_path, audit_witnesses=named):
        await show_newest(connection, shown)
        assert received == []
        note = await a_checkpoint()
        witnesses.keep(note)
        await show_newest(connection, shown)
        await show_newest(connection, shown)
        assert list(witnesses.kept())[-1] == note
    await connection.close()

    assert [path for path, _kind, _body in received] == ["/witness", "/tsa", "/closed", "/closed"]
    assert received[0][1:] == ("text/plain; charset=utf-8", note.encode())
    assert received[1][1] == "application/timestamp-query"
    assert hashlib.sha256(note.encode()).digest() in received[1][2]
    kept = superuser.execute("select witness, length(receipt) from audit_witness order by id desc limit 3").fetchall()
    assert {(name.rpartition("/")[2], size) for name, size in kept} == {("media", 0), ("witness", 4), ("tsa", 41)}
    assert list(witnesses.notes((tmp_path / "media").read_text("utf-8"))) == [note]


@pytest.mark.parametrize("path", ["tsa-refuses", "tsa-other", "tsa-odd"])
def test_a_stamp_that_is_none_is_not_taken_for_one(outside, path):
    with pytest.raises(NoWitness):
        witnesses.show(f"timestamp+{outside[0]}/{path}", "note")


def test_witnesses_are_files_or_addresses():
    good = "file:///media/log, https://w.example/add, timestamp+https://tsa.example"
    assert len(load({"PORTAL_AUDIT_WITNESSES": good}).audit_witnesses) == 3
    for bad in ("ftp://x", "timestamp+file:///x", "somewhere", "https://"):
        with pytest.raises(BadSettings):
            load({"PORTAL_AUDIT_WITNESSES": bad})
