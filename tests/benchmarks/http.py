"""A client that costs little, so that what is measured is the portal: one connection, one request at a time."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, NamedTuple


class Answer(NamedTuple):
    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """`await client.ask("POST", "/api/v1/…", {…})`, with the header line that says who asks; the connection is kept."""

    def __init__(self, port: int, who: str) -> None:
        self._port = port
        self._head = f"host: 127.0.0.1:{port}\r\n{who}\r\ncontent-type: application/json\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> Answer:
        if self._streams is None or self._streams[0].at_eof():  # nobody asked for so long that the server closed it
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        sent = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\n{self._head}content-length: {len(sent)}\r\n\r\n"
        writer.write(head.encode() + sent)
        return await _read(reader)

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    fields = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
    if "content-length" in fields:
        body = await reader.readexactly(int(fields["content-length"]))
    else:
        body = b"".join([chunk async for chunk in _chunks(reader)]) if "transfer-encoding" in fields else b""
    return Answer(int(head[0].split()[1]), body)


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int(await reader.readline(), 16):
        yield await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
