"""What this worker gives to mail servers right now, noted where it outlives the worker.

A worker may be killed between claiming a mail and giving its text. The database then says that the mail was handed
over; the notebook says that it never was, so that whoever comes next sends it. A notebook is a file in the data folder
that is locked for as long as its worker lives, and mapped into memory: a note costs no system call, so nothing comes
between the note and what it is about. After the machine itself has crashed a notebook tells nothing, and is not asked.
"""

import fcntl
import mmap
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from portal.platform.settings import settings

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_HEAD, _SLOT, _SLOTS = 36, 17, 64  # bytes: of this boot's id, of a mark and an attempt's id; attempts at a time
_FREE, _CLAIMED, _GIVEN, _LEFT = b"\0", b"c", b"g", b"l"
_PLACES = range(_HEAD, _HEAD + _SLOTS * _SLOT, _SLOT)
_KEPT = 7 * 24 * 3600.0  # seconds


class Note:
    """An attempt's place in the notebook; an attempt goes on without one when there is no room."""

    def __init__(self, pages: mmap.mmap | None, place: int | None, attempt: UUID) -> None:
        self._pages, self._place = pages, place
        if pages is not None and place is not None:
            pages[place + 1 : place + _SLOT] = attempt.bytes
        self._mark(_CLAIMED)

    def given(self) -> None:
        """The next thing that this process does is giving the text."""
        self._mark(_GIVEN)

    def over(self) -> None:
        self._mark(_FREE)

    def left(self) -> None:
        """It was broken off. If the text was not given, whoever comes next may know."""
        if self._pages is not None and self._place is not None:
            begun = self._pages[self._place : self._place + 1] == _CLAIMED
            self._mark(_LEFT if begun else _FREE)

    def _mark(self, mark: bytes) -> None:
        if self._pages is not None and self._place is not None:
            self._pages[self._place : self._place + 1] = mark


@contextmanager
def noted(attempt: UUID) -> Iterator[Note]:
    """While this lasts, the attempt stands in the notebook: to be begun before the mail is claimed."""
    pages = None
    with suppress(OSError):  # a full disk keeps no mail back
        pages = _own(_folder())
    note = Note(pages, None if pages is None else _place(pages), attempt)
    try:
        yield note
    except BaseException:
        note.left()
        raise
    note.over()


def never_given(attempt: UUID) -> bool:
    """Whether this attempt is known to have ended before it gave the text to anybody, be it with its worker."""
    for path in _folder().glob("*"):
        with suppress(OSError), path.open("rb") as book:
            mark = _mark_of(attempt, book.read())
            if mark == _CLAIMED:
                fcntl.flock(book, fcntl.LOCK_SH | fcntl.LOCK_NB)  # refused while its worker lives
                mark = _mark_of(attempt, os.pread(book.fileno(), _PLACES.stop, 0))
            if mark in (_CLAIMED, _LEFT):
                return True
    return False


def _place(pages: mmap.mmap) -> int | None:
    for mark in (_FREE, _LEFT):
        for place in _PLACES:
            if pages[place : place + 1] == mark:
                return place
    return None


def _mark_of(attempt: UUID, pages: bytes) -> bytes:
    if pages[:_HEAD] != _boot():
        return _FREE
    slots = (pages[place : place + _SLOT] for place in _PLACES)
    return next((slot[:1] for slot in slots if slot[1:] == attempt.bytes), _FREE)


@cache
def _own(folder: Path) -> mmap.mmap:
    """This process's notebook, a new one; the lock goes with the process."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder)
    book = os.open(folder / str(uuid4()), os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    fcntl.flock(book, fcntl.LOCK_EX)
    os.write(book, _boot().ljust(_PLACES.stop, b"\0"))  # not a hole, which a full disk could not fill
    return mmap.mmap(book, _PLACES.stop)


def _sweep(folder: Path) -> None:
    """Notebooks of workers that are long gone."""
    for path in folder.glob("*"):
        with suppress(OSError), path.open("rb") as book:
            if time.time() - path.stat().st_mtime > _KEPT:
                fcntl.flock(book, fcntl.LOCK_SH | fcntl.LOCK_NB)
                path.unlink()


@cache
def _boot() -> bytes:
    """Which start of this machine it is; unknown elsewhere than on Linux, where every notebook is then of none."""
    try:
        return _BOOT.read_bytes().strip().ljust(_HEAD)[:_HEAD]
    except OSError:
        return os.urandom(_HEAD)


def _folder() -> Path:
    return settings().data / "handing-over"
