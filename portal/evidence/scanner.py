"""Asking the scanner about a file: clamd by its INSTREAM command, or an address that takes the bytes by HTTP POST.

An HTTP scanner answers 200 with `{"result": "clean"}` or `{"result": "infected", "finding": "…"}`. Whatever else comes,
or nothing, is no answer: the file stays where nobody reads it, and is asked about again.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec

from portal.platform.late import Late
from portal.platform.settings import settings
from portal.platform.watching import tracing

if TYPE_CHECKING:
    import httpx
else:
    httpx = Late("httpx")

PIECE = 1 << 18  # bytes
SECONDS = 240.0  # for one file
LONGEST_ANSWER = 4_000  # bytes
USUAL_PORT = 3310


class Unanswered(Exception):
    """The scanner is not to be had, or could not look at the file."""


class Verdict(NamedTuple):
    """Who looked, and what they found; no `finding` is a clean file."""

    scanner: str
    finding: str


class _Answer(msgspec.Struct):
    result: Literal["clean", "infected"]
    finding: str = ""


async def ask(path: Path) -> Verdict | None:
    """The scanner's verdict on a file; None where no scanner is set. Raises Unanswered."""
    address = settings().scanner_url
    if address is None:
        return None
    try:
        async with asyncio.timeout(SECONDS):
            return await (_clamd(address, path) if address.startswith("clamd:") else _http(address, path))
    except (OSError, TimeoutError, httpx.HTTPError, msgspec.MsgspecError) as error:
        raise Unanswered(f"{type(error).__name__}: {error}") from error


async def _clamd(address: str, path: Path) -> Verdict:
    parts = urlsplit(address)
    if parts.hostname:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port or USUAL_PORT)
    else:
        reader, writer = await asyncio.open_unix_connection(parts.path)
    try:
        with suppress(ConnectionError):  # who has read enough closes, and has said why
            writer.write(b"zINSTREAM\0")
            async for piece in _pieces(path):
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
        said = (await reader.read(LONGEST_ANSWER)).rstrip(b"\0\r\n").decode("utf-8", "replace")
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return Verdict("clamd", _found(said))


def _found(said: str) -> str:
    """`stream: OK`, `stream: Eicar-Signature FOUND`; anything else is no verdict."""
    _stream, _colon, told = said.partition(": ")
    if told == "OK":
        return ""
    if told.endswith(" FOUND"):
        return told.removesuffix(" FOUND") or "?"
    raise Unanswered(said or "closed without an answer")


async def _http(address: str, path: Path) -> Verdict:
    size = await asyncio.to_thread(os.path.getsize, path)
    headers = {"content-type": "application/octet-stream", "content-length": str(size)}
    with tracing.asking("scanner") as carried:
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client:
            answer = await client.post(address, content=_pieces(path), headers=headers | carried)
    answer.raise_for_status()
    told = msgspec.json.decode(answer.content[:LONGEST_ANSWER], type=_Answer)
    return Verdict("http", "" if told.result == "clean" else told.finding or "?")


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
