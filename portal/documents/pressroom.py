"""The room where presses stand: starts them, feeds them, and ends one that takes too long.

Each press is a process without our settings, so without our secrets. Setting a sheet blocks a thread of this room and
no other job; a press that is killed or dies is replaced by the next sheet's.
"""

import asyncio
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import structlog

from portal.documents.press import Proof, Sheet
from portal.platform.bounded import Bounded, Died, TookTooLong
from portal.platform.watching import metrics

log = structlog.get_logger("documents")
PRESSES = max(1, min(4, (os.cpu_count() or 2) // 2))
SECONDS = 120.0  # for one document; 2,000 lines take 20 to 45
EMPTY, TOO_SLOW = "empty", "too-slow"
LASTS = 500  # documents; then a press makes way for a fresh one
_running: set["Press"] = set()


class Unprintable(Exception):
    """This sheet cannot be set, however often one tries: it is too long, too deep, takes too much time or memory
    (`reason` is the code of that), or has characters that no font has (`lacking`)."""

    def __init__(self, reason: str, lacking: str = "") -> None:
        self.reason, self.lacking = reason, lacking
        super().__init__(reason)


class PressDied(Exception):
    """The press ended in the middle: killed, perhaps, by who watches the machine's memory. Trying again makes sense."""


async def pdf_of(sheet: Sheet, seconds: float = SECONDS, *, kind: str = "-") -> bytes:
    """The sheet, of a kind of document, as PDF; raises Unprintable or PressDied."""
    return (await proof_of(sheet, seconds, kind=kind)).pdf


async def proof_of(sheet: Sheet, seconds: float = SECONDS, *, kind: str = "-") -> Proof:
    """The same with what it was made with."""
    began, outcome = time.perf_counter(), "failed"
    try:
        proof = await asyncio.get_running_loop().run_in_executor(_room(), _set, sheet, seconds)
        outcome = "failed" if proof.error else "done"
    finally:
        metrics.rendered(kind, outcome, time.perf_counter() - began)
    for address in proof.refused:
        log.warning("a document asked for something from outside and did not get it", address=address)
    if proof.error or not proof.pdf:
        raise Unprintable(proof.error or EMPTY, proof.lacking)
    return proof


def close() -> None:
    """End all presses, also those at work."""
    for press in list(_running):
        press.end()


class Press(Bounded):
    """One press, for a while."""

    def __init__(self) -> None:
        self.left = LASTS
        super().__init__("portal.documents.press", _fonts())
        _running.add(self)

    def set(self, sheet: Sheet, seconds: float) -> Proof:
        self.left -= 1
        try:
            return self.ask(sheet, Proof, seconds)
        except TookTooLong as error:
            raise Unprintable(TOO_SLOW) from error
        except Died as error:
            raise PressDied from error

    def end(self) -> None:
        self.left = 0
        _running.discard(self)
        super().end()


_own = threading.local()


def _set(sheet: Sheet, seconds: float) -> Proof:
    """By this thread's own press, started when there is none and after a while replaced."""
    press: Press | None = getattr(_own, "press", None)
    if press is None or press.left <= 0:
        if press is not None:
            press.end()
        press = _own.press = Press()
    return press.set(sheet, seconds)


@cache
def _room() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(PRESSES, "press")


def _fonts() -> dict[str, str]:
    return {"FONTCONFIG_FILE": str(Path(__file__).with_name("fonts.conf"))}
