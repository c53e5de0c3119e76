"""A mail server that takes every mail and then, for some, never says so: what it was given whole counts as arrived."""

import asyncio
import re
import zlib
from collections import Counter
from contextlib import suppress

THINKS = 0.01  # seconds before it asks for a mail's text, and before it says that it has it
_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Sink:
    """`arrived` counts the mails by their Message-ID; one of `hangs_at` is taken without an answer, for ever."""

    def __init__(self, hangs_at: int = 0) -> None:
        self.arrived = Counter[str]()
        self.at_work = 0  # connections in which a mail is on its way
        self.unanswered = 0
        self._hangs_at = hangs_at

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=portal@portal.test"

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            writer.write(b"220 ready\r\n")
            while line := await reader.readline():
                if line.strip().upper() == b"DATA":
                    await self._take(reader, writer)
                else:
                    writer.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 yes\r\n")
        writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.at_work += 1
        try:
            await asyncio.sleep(THINKS)
            writer.write(b"354 go on\r\n")
            mail = await reader.readuntil(b"\r\n.\r\n")
            found = _ID.search(mail)
            name = found.group(1).decode() if found else "without a name"
            self.arrived[name] += 1
            if self._hangs_at and zlib.crc32(name.encode()) % self._hangs_at == 0:
                self.unanswered += 1
                await reader.read()  # until the other side has lost its patience
                return
            await asyncio.sleep(THINKS)
        finally:
            self.at_work -= 1
        writer.write(b"250 taken\r\n")
