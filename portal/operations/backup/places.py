"""Where a backup goes and comes from: a file, or an object of an object store. Either is there whole or not at all.

Object stores are asked in threads: a command that ends while a future of obstore fails is aborted by its runtime.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url

from portal.operations.backup.shape import HEADER, BadBackup
from portal.platform import private
from portal.platform.settings import without_password

PIECE: Final = 1 << 20  # bytes
PART: Final = 32 << 20  # bytes; object stores take 10,000 parts, so 320 GB


class Sink(Protocol):
    async def write(self, data: bytes) -> None: ...
    async def finish(self) -> None:
        """From now on it is there under its name."""
        ...

    async def drop(self) -> None:
        """Nothing of it stays."""
        ...


class Source(NamedTuple):
    """A backup to be read, as often as wanted."""

    name: str
    size: int
    store: Any
    key: str

    async def pieces(self) -> AsyncIterator[bytes]:
        if self.store is None:
            with await asyncio.to_thread(open, self.key, "rb") as file:
                while piece := await asyncio.to_thread(file.read, PIECE):
                    yield piece
            return
        found = await asyncio.to_thread(obstore.get, self.store, self.key)
        stream = iter(found.stream(min_chunk_size=PIECE))
        while piece := await asyncio.to_thread(next, stream, b""):
            yield bytes(piece)


class FileSink:
    """Written beside under a name that nobody takes for a backup, readable to its owner alone, then renamed."""

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, path.with_name(f".{path.name}.part")
        if path.is_dir() or (path.exists() and path.stat().st_size and not _is_backup(path)):
            raise BadBackup(f"{path} is there already and is no backup: name another file.")
        try:
            self._file = os.fdopen(private.opener(str(self._part), os.O_RDWR | os.O_CREAT), "r+b")
        except OSError as error:
            raise BadBackup(f"{path} cannot be written: {error.strerror}.") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise BadBackup(f"Another backup is being written to {path}.") from None
        self._file.truncate(0)  # what a killed one left

    async def write(self, data: bytes) -> None:
        self._file.write(data)

    async def finish(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._part.replace(self._path)
        self._file.close()
        folder = os.open(self._path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    async def drop(self) -> None:
        with suppress(FileNotFoundError):
            self._part.unlink()
        self._file.close()


class StoreSink:
    """Sent in parts, which become an object when the last one is there."""

    def __init__(self, store: Any, key: str) -> None:
        self._key = key
        self._writer = obstore.open_writer(store, key, buffer_size=PART, max_concurrency=2)

    async def write(self, data: bytes) -> None:
        await self._tell(lambda: self._writer.write(data))

    async def finish(self) -> None:
        await self._tell(self._writer.close)

    async def _tell(self, act: Callable[[], object]) -> None:
        try:
            await asyncio.to_thread(act)
        except (OSError, BaseError) as error:
            raise BadBackup(f"{self._key} cannot be written: {_first_line(error)}.") from error

    async def drop(self) -> None:
        """What was sent is no object yet; the store's own rule for unfinished uploads clears it away."""


def sink(place: str) -> Sink:
    store, key = _opened(place)
    if store is not None:
        return StoreSink(store, key)
    if "://" in place:
        Path(key).parent.mkdir(parents=True, exist_ok=True)  # as object stores know no folders
    return FileSink(Path(key))


def inside(folder: str, name: str) -> str:
    """The place of a file in a folder of an object store."""
    return f"{folder.rstrip('/')}/{name}"


async def source(place: str) -> Source:
    """What lies there; raises BadBackup if nothing does, or it cannot be read."""
    store, key = _opened(place)
    name = without_password(place)
    try:
        size = _size(key) if store is None else (await asyncio.to_thread(obstore.head, store, key))["size"]
    except (OSError, BaseError) as error:
        raise BadBackup(f"{name} cannot be read: {_first_line(error)}.") from error
    return Source(name, size, store, key)


def _first_line(error: Exception) -> str:
    said = getattr(error, "strerror", None) or str(error).strip() or "it does not answer"
    return said.splitlines()[0].rstrip(".: ")


def _size(path: str) -> int:
    with open(path, "rb") as file:
        return file.seek(0, os.SEEK_END)


def _opened(place: str) -> tuple[Any, str]:
    """The store and the name in it; no store for a file of this machine."""
    parts = urlsplit(place)
    if "://" not in place:
        return None, str(Path(place).expanduser().absolute())
    if parts.scheme == "file":
        return None, unquote(parts.path)
    folder, _, key = place.rpartition("/")
    try:
        return from_url(folder), key
    except (BaseError, ValueError) as error:
        raise BadBackup(f"{without_password(place)} names no object store that is known: {error}.") from error


def _is_backup(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(HEADER)) == HEADER.encode()
