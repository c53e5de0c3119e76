"""The file itself: a tar archive (POSIX ustar) that is written and read from front to back, in constant memory.

Anybody's `tar` lists and unpacks it. Its last member is the seal; a file that ends before the seal is no backup, so
whatever was interrupted never looks whole. Every byte counts: those before the seal are in its SHA-256, those of the
seal and after it can be in one way only.
"""

import hashlib
import tarfile
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from portal.operations.backup.places import Sink
from portal.operations.backup.shape import HEADER, LONGEST, PURPOSE, SEAL, BadBackup, Seal, read
from portal.platform import vault

BLOCK: Final = 512  # bytes
END: Final = bytes(2 * BLOCK)


class Member(NamedTuple):
    name: str
    size: int


class Writing:
    """Members in their order, each of a size that is known when it begins."""

    def __init__(self, sink: Sink, made_at: datetime) -> None:
        self._sink, self._digest, self._at = sink, hashlib.sha256(), int(made_at.timestamp())
        self.written = 0

    async def add(self, name: str, data: bytes) -> None:
        await self.begin(name, len(data))
        await self.write(data)
        await self.end(len(data))

    async def begin(self, name: str, size: int) -> None:
        await self.write(_head(name, size, self._at))

    async def write(self, data: bytes) -> None:
        self._digest.update(data)
        self.written += len(data)
        await self._sink.write(data)

    async def end(self, size: int) -> None:
        await self.write(bytes(-size % BLOCK))

    async def seal(self) -> Seal:
        """The last member; nothing may follow."""
        digest = self._digest.hexdigest()
        mark = vault.marks(PURPOSE, bytes.fromhex(digest))[0].hex()
        seal = Seal(digest, vault.fingerprints()[0], mark)
        await self.add(SEAL, msgspec.json.encode(seal))
        await self.write(END)
        return seal


class Reading:
    """Members as they come. Raises BadBackup for what was never a backup, is cut off, or is not what was sealed."""

    def __init__(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        self.name, self._pieces, self._held = name, pieces, b""
        self._digest = self._before = hashlib.sha256()  # of all that was read, and of what came before this member
        self.left = self._padding = 0  # bytes of this member that are still to come
        self.read = 0

    async def members(self) -> AsyncIterator[Member]:
        """Each member before the seal; what is not read of one is passed over."""
        while True:
            async for _ in self.pieces():
                pass
            await self._take(self._padding)
            member = await self._next()
            if member.name == SEAL:
                return
            yield member

    async def pieces(self) -> AsyncIterator[bytes]:
        while self.left:
            piece = await self._some(self.left)
            self.left -= len(piece)
            yield piece

    async def whole(self) -> bytes:
        if self.left > LONGEST:
            raise BadBackup(f"{self.name} is damaged: what it says of itself is too long.")
        return b"".join([piece async for piece in self.pieces()])

    async def seal(self) -> Seal:
        """The seal, when all members were read: it is of these bytes, and nothing comes after it."""
        size = self.left
        data = await self.whole()
        seal = read(Seal, data, SEAL)
        rest = await self._take(-size % BLOCK) + await self._take(len(END))
        if (
            seal.sha256 != self._before.hexdigest()
            or msgspec.json.encode(seal) != data
            or rest.strip(b"\0")
            or await self._more()
        ):
            raise BadBackup(f"{self.name} is damaged or was changed: its bytes are not those that were sealed.")
        return seal

    async def _next(self) -> Member:
        first, self._before = self.read == 0, self._digest.copy()
        head = await self._take(BLOCK)
        try:
            found = tarfile.TarInfo.frombuf(head, "utf-8", "strict")
            member = Member(found.name, found.size)
            if first and member.name != HEADER:
                raise tarfile.HeaderError("something else")
            if _head(member.name, member.size, int(found.mtime)) != head:
                raise BadBackup(f"{self.name} is damaged or was changed: a member's head is not as backups have it.")
        except (tarfile.HeaderError, UnicodeDecodeError, ValueError) as error:
            if first:
                raise BadBackup(f"{self.name} is no backup of a portal.") from error
            raise BadBackup(f"{self.name} is damaged after {self.read - BLOCK:,} bytes.") from error
        self.left, self._padding = member.size, -member.size % BLOCK
        return member

    async def _take(self, size: int) -> bytes:
        parts = []
        while size:
            parts.append(await self._some(size))
            size -= len(parts[-1])
        return b"".join(parts)

    async def _some(self, most: int) -> bytes:
        """At least one byte and at most so many."""
        if not self._held:
            self._held = await anext(self._pieces, b"")
        if not self._held:
            said = "is no backup of a portal" if self.read < BLOCK else f"is cut off after {self.read:,} bytes"
            raise BadBackup(f"{self.name} {said}.")
        piece, self._held = self._held[:most], self._held[most:]
        self.read += len(piece)
        self._digest.update(piece)
        return piece

    async def _more(self) -> bool:
        return bool(self._held or await anext(self._pieces, b""))


def _head(name: str, size: int, at: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, at, 0o600
    return info.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")
