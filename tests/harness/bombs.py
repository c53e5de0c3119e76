"""Bodies made to take the memory or the time of whoever reads them, and a measure of what reading them cost."""

import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness.evidence import office

MB = 1_000_000
SECONDS = 2.0
MOST = 60 * MB  # bytes of memory that a refusal may cost, whatever is refused


@contextmanager
def bounded(seconds: float = SECONDS, memory: int = MOST) -> Iterator[None]:
    """What happens in here costs no more time of a processor, whoever else uses it, and no more memory at its peak."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted anew from here
    before, began = _memory("VmRSS"), _work()
    yield
    took, grew = _work() - began, _memory("VmHWM") - before
    assert took <= seconds, f"{took:.2f} s"
    assert grew <= memory, f"{grew / MB:.0f} MB"


def _work() -> float:
    """Seconds of processors that this process and those it started and saw end have used."""
    return sum(os.times()[:4])


def _memory(name: str) -> int:
    told = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert told is not None
    return int(told[1]) * 1024


async def flood(size: int, start: bytes = b"") -> AsyncIterator[bytes]:
    """A body that does not say how long it is."""
    yield start
    for _each in range(size // 65_536):
        yield b"x" * 65_536


def zipped(names: int = 0, size: int = 0) -> bytes:
    """An office document of so many empty parts, or of one that unpacks to so many bytes."""
    stream = io.BytesIO(office("xl/"))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for n in range(names):
            archive.writestr(f"xl/{n}", b"")
        if size:
            with archive.open("xl/bomb.xml", "w", force_zip64=True) as entry:
                for _each in range(size // MB):
                    entry.write(b" " * MB)
    return stream.getvalue()


def directory_of(size: int) -> bytes:
    """An archive whose end says that its directory is huge."""
    body = bytearray(office("xl/"))
    at = body.rfind(b"PK\x05\x06")
    body[at + 12 : at + 16] = struct.pack("<I", size)
    return bytes(body)


def png_of(wide: int, high: int) -> bytes:
    """A picture whose header says how large it would be, with next to nothing behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 3_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
