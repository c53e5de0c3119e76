"""One supervisor a data folder: a lock beside it, which the kernel releases however its holder ends."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from portal.platform.postgres.folder import DataFolderRefused


class InUse(DataFolderRefused):
    """Another process, `pid` if known, runs a server on the folder."""

    def __init__(self, folder: Path, pid: str) -> None:
        self.pid = pid
        super().__init__(
            f"The data folder {folder} is in use by a running portal{f' (process {pid})' if pid else ''}: "
            "stop that one first, or name another folder."
        )


class Lock:
    """An exclusive lock that dies with the process that took it and is not passed on to forked children."""

    def __init__(self, folder: Path) -> None:
        self._file = _open(folder.with_name(f"{folder.name}.lock"))
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 32, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise InUse(folder, holder) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        _held.add(self._file)

    def release(self) -> None:
        if self._file in _held:
            _held.discard(self._file)
            os.close(self._file)


_held: set[int] = set()


def _forget_in_child() -> None:
    """A child that outlives a killed parent must not keep the folder locked."""
    for file in _held:
        with suppress(OSError):
            os.close(file)
    _held.clear()


os.register_at_fork(after_in_child=_forget_in_child)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise DataFolderRefused(f"Nothing can be written in {path.parent}: {error.strerror}.") from error
