"""Files for stories: small true ones of every kind, a clamd that speaks the real protocol, and ways to send them."""

import asyncio
import base64
import io
import tempfile
import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image

from portal.evidence import commands
from portal.evidence.forms import NewFile
from portal.evidence.tables import EvidenceFile
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.settings import override
from portal.platform.work import viewing
from tests.harness.jobs import run_jobs

API = "/api/v1/files"
# What every scanner knows by heart and no computer is harmed by; in two halves, or this file itself would be found.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PART = {"content-type": "application/offset+octet-stream"}


def picture(kind: str = "JPEG", edge: int = 64, **more: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (edge, edge), "firebrick").save(stream, kind, **more)
    return stream.getvalue()


def office(folder: str = "xl/", more: Mapping[str, bytes] | None = None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}document.xml", "<x/>")
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return stream.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


async def sent(
    client: Any, kind: str, record_id: UUID, name: str, content: bytes, *, piece: int = 0, **more: Any
) -> str:
    """Send a file in parts as the page's script does; gives its id."""
    body = {"kind": kind, "record_id": str(record_id), "name": name, "size": len(content)} | more
    made = await client.post(API, json=body)
    assert made.status_code == 201, made.text
    at = made.headers["location"]
    for start in range(0, len(content), piece or len(content)):
        part = content[start : start + (piece or len(content))]
        answer = await client.patch(at, content=part, headers=PART | {"upload-offset": str(start)})
        assert answer.status_code == 204, answer.text
    return made.json()["id"]


async def attached(client: Any, kind: str, record_id: UUID, name: str, content: bytes, **more: Any) -> dict[str, Any]:
    """The same, looked at by the worker; gives the file as it is then."""
    file_id = await sent(client, kind, record_id, name, content, **more)
    await run_jobs(commands.CHECK)
    return (await client.get(f"{API}/{file_id}")).json()


async def begun_file(
    actor: Actor, kind: str, record_id: UUID, name: str = "damage.jpg", size: int = 10
) -> EvidenceFile:
    """A file that was announced and of which nothing came."""
    return await commands.begin(
        actor, convert(NewFile, {"kind": kind, "record_id": str(record_id), "name": name, "size": size})
    )


async def checked_file(actor: Actor, order_id: UUID, name: str, note: str = "", content: bytes = PDF) -> UUID:
    """A file for the actor's side alone that came whole with an order and was looked at; gives its id."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        arrived = [commands.Arrived(path, name, "application/pdf")]
        [file] = await commands.attach(actor, "purchase-order", order_id, arrived, internal=True, note=note)
    await commands.check(Actor.system(actor.organisation_id), file.id)
    return file.id


async def file_row(actor: Actor, file_id: str | UUID) -> EvidenceFile:
    async with viewing(actor) as view:
        found = await view.one("select * from evidence_file where id = $1", UUID(str(file_id)))
    assert found is not None
    return EvidenceFile.of(found)


def metadata(**told: str) -> str:
    """tus's header Upload-Metadata."""
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())


class Clamd:
    """A scanner as clamd is: INSTREAM with 4-byte lengths, an end of four zero bytes, one line of an answer.

    It counts what it was given, and refuses streams above `most` bytes as the real one does.
    """

    def __init__(self, most: int = 25_000_000) -> None:
        self.most = most
        self.seen: list[int] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            command = await reader.readuntil(b"\0")
            writer.write(await self._answer(command, reader) + b"\0")
            await writer.drain()
        finally:
            writer.close()

    async def _answer(self, command: bytes, reader: asyncio.StreamReader) -> bytes:
        if command != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        stream = bytearray()
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            stream += await reader.readexactly(length)
            if len(stream) > self.most:
                return b"INSTREAM size limit exceeded. ERROR"
        self.seen.append(len(stream))
        return b"stream: Win.Test.EICAR_HDB-1 FOUND" if EICAR in stream else b"stream: OK"


@asynccontextmanager
async def clamd(most: int = 25_000_000, path: str | None = None) -> AsyncIterator[Clamd]:
    """A running scanner that the portal asks, by TCP or by a socket in the file system."""
    scanner = Clamd(most)
    if path:
        server = await asyncio.start_unix_server(scanner.serve, path)
        address = f"clamd://{path}"
    else:
        server = await asyncio.start_server(scanner.serve, "127.0.0.1", 0)
        address = f"clamd://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with override(scanner_url=address):
        yield scanner
    server.close()
    await server.wait_closed()
