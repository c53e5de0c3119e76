"""The rooms where examiners sit: starts them, feeds them, and ends one that takes too long.

Examining a file blocks a thread of its room and nothing else. Strangers have a room of their own, where few may wait,
so that whoever asks much there keeps nobody from signing. Each examiner makes way for a fresh one after a while.
"""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from portal.platform.bounded import Bounded, Died, TookTooLong
from portal.platform.i18n import _
from portal.platform.refusals import TooMany
from portal.signatures.examiner import Task
from portal.signatures.forms import Finding

SECONDS = 20.0  # for one file; a signed contract of 300 pages takes less than one
STARTS = 40.0  # more for the first file: a busy machine loads the reader slowly, which is not the file’s fault
LATE = "takes too long"
LASTS = 200  # files
AGAIN = 30  # seconds until a full room may have a place
_running: set[Bounded] = set()
_own = threading.local()


class Room:
    """So many examiners, and how many files may wait for them or be with them."""

    def __init__(self, examiners: int, most: int) -> None:
        self.threads, self.most, self.taken = ThreadPoolExecutor(examiners, "examiner"), most, 0

    async def ask(self, task: Task) -> Finding:
        """Raises `TooMany` when there is no place."""
        if self.taken >= self.most:
            raise TooMany(_("Many documents are being checked now. Try again in half a minute."), retry_after=AGAIN)
        self.taken += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, _examined, task)
        finally:
            self.taken -= 1


MEMBERS: Final = Room(2, 32)  # who is signed in, and has a document signed
STRANGERS: Final = Room(1, 8)  # everybody who holds a document


async def examine(pdf: bytes, roots: Sequence[bytes], since: int = 0, *, room: Room = MEMBERS) -> Finding:
    """What is in the file, and what came into it since a revision that ended there; `fault` if that cannot be told.
    Raises `TooMany` when too many files wait."""
    return await room.ask(Task(pdf, list(roots), since))


def close() -> None:
    """End all examiners, also those at work."""
    while _running:
        _running.pop().end()


def _examined(task: Task) -> Finding:
    examiner = _examiner()
    try:
        return examiner.ask(task, Finding, SECONDS + (STARTS if _own.left == LASTS - 1 else 0.0))
    except (TookTooLong, Died) as ended:
        _dismiss(examiner)
        return Finding(fault=LATE if isinstance(ended, TookTooLong) else "cannot be read")


def _examiner() -> Bounded:
    """This thread's own, started when there is none and after a while replaced."""
    present: Bounded | None = getattr(_own, "examiner", None)
    if present is not None and _own.left <= 0:
        _dismiss(present)
        present = None
    if present not in _running:
        present, _own.left = Bounded("portal.signatures.examiner"), LASTS
        _own.examiner = present
        _running.add(present)
    _own.left -= 1
    assert present is not None
    return present


def _dismiss(examiner: Bounded) -> None:
    _running.discard(examiner)
    examiner.end()
