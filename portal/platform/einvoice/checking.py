"""Asking the checker: one process, started when it is first needed, replaced when it dies or has served long enough."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import structlog

from portal.platform.bounded import Bounded, Died, TookTooLong
from portal.platform.einvoice.checker import Answer, Finding, Question

log = structlog.get_logger("einvoice")
SECONDS = 20.0  # for one document; the first one also loads schemas and rules, which takes one
LASTS = 2000  # documents
_lock = threading.Lock()
_present: list["Checker"] = []


class Uncheckable(Exception):
    """It cannot be checked: `large`, `doctype`, `malformed`, `unknown`, or `late` if it took too long or too much."""


class Checker(Bounded):
    def __init__(self) -> None:
        super().__init__("portal.platform.einvoice.checker")
        self.left = LASTS


async def findings(xml: bytes, seconds: float = SECONDS) -> list[Finding]:
    """The rules that the document breaks, none if it is right. Raises Uncheckable."""
    answer = await asyncio.get_running_loop().run_in_executor(_room(), check, xml, seconds)
    if answer.error:
        raise Uncheckable(answer.error)
    return answer.findings


def check(xml: bytes, seconds: float = SECONDS) -> Answer:
    """The same, blocking. A checker that died is tried once more: it may have been killed for what others did."""
    for last in (False, True):
        with _lock:
            checker = _checker()
            try:
                return checker.ask(Question(xml), Answer, seconds)
            except TookTooLong:
                _present.clear()
                return Answer(error="late")
            except Died:
                _present.clear()
                log.warning("the checker of e-invoices died", again=not last)
    return Answer(error="late")


def close() -> None:
    """End the checker, if there is one."""
    with _lock:
        while _present:
            _present.pop().end()


def _checker() -> Checker:
    if _present and _present[0].left <= 0:
        _present.pop().end()
    if not _present:
        _present.append(Checker())
    _present[0].left -= 1
    return _present[0]


@cache
def _room() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "einvoice")
