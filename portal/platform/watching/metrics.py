"""Numbers for Prometheus: what each process counts, told together by whichever is asked.

A request costs a note; notes are counted once a second, many at a time, so that nobody waits for the library or for its
files. A process that did not `begin` counts nothing; one that is killed loses what it noted in its last second.
"""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from portal.platform.settings import settings
from portal.platform.watching.slots import FOLDER, Slot

if TYPE_CHECKING:
    from portal.platform.watching.instruments import Instruments

log = structlog.get_logger("metrics")
WAIT: Final = 0.001  # seconds for a connection from which on somebody waited
MOST_NOTES: Final = 1_000  # that wait to be counted
_slot: Slot | None = None
_instruments: "Instruments | None" = None
_noted: list[tuple[str, str, int, float, int]] = []  # requests that are not counted yet
_making = threading.Lock()


def folder() -> Path:
    """Where the processes of this machine keep what they counted."""
    return settings().data / FOLDER


def begin(part: str) -> None:
    """Count from now on, as this part of the portal."""
    global _slot
    try:
        _slot = _slot or Slot(folder(), part)
    except OSError as error:
        log.error("nothing is counted: the folder of the figures cannot be written", error=str(error))


def end() -> None:
    """Count no more, and leave the place to somebody else."""
    global _slot, _instruments
    count()
    if _instruments is not None:
        _instruments.close()
    if _slot is not None:
        _slot.give_back()
    _slot = _instruments = None


def request(method: str, route: str, status: int, seconds: float, statements: int) -> None:
    """An answered request; `route` is the template of its address."""
    if _slot is not None:
        _noted.append((method, route, status, seconds, statements))
        if len(_noted) >= MOST_NOTES:
            count()


def count() -> None:
    """Count what was noted."""
    if _noted and (counting := _ready()) is not None:
        notes, _noted[:] = _noted[:], []
        for note in notes:
            counting.request(*note)


def job(name: str, outcome: str, seconds: float, statements: int) -> None:
    """One run of a job: done, or failed and perhaps to be tried again."""
    if (counting := _ready()) is not None:
        counting.job(name, outcome, seconds, statements)


def given_up(name: str) -> None:
    if (counting := _ready()) is not None:
        counting.given_up(name)


def rendered(kind: str, outcome: str, seconds: float) -> None:
    """A document that was set, or could not be."""
    if (counting := _ready()) is not None:
        counting.rendered(kind, outcome, seconds)


def waited(seconds: float) -> None:
    """Somebody got a connection to the database; counted if they had to wait for it, but for the first ones of all."""
    if seconds >= WAIT and _instruments is not None:
        _instruments.waited(seconds)


def connections(pool: str, used: int, idle: int, most: int) -> None:
    """How a pool of this process stands now."""
    if (counting := _ready()) is not None:
        counting.connections(pool, used, idle, most)


def instruments() -> "Instruments | None":
    """Those of this process, which know where the others' are; None where nothing is counted."""
    count()
    return _ready()


def _ready() -> "Instruments | None":
    return _instruments or (_made() if _slot is not None else None)


def _made() -> "Instruments | None":
    global _instruments
    with _making:
        if _instruments is None and _slot is not None:
            from portal.platform.watching.instruments import Instruments

            _instruments = Instruments(_slot)
    return _instruments
