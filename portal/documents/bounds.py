"""How much a document may take: processor seconds and memory, more for long ones than for ordinary ones.

Processor seconds, not those on the clock: a busy machine is not the document's fault. Libraries in C cannot be stopped
halfway, and end the process when they get no memory: the process is over then, and how it ended says why.
"""

import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

MOST: Final = 2 * 1024**3  # bytes of address space, whatever is set
ORDINARY: Final = 300_000  # characters of a page; an order of 500 lines has 250,000


class Bound(NamedTuple):
    """Seconds of the processor, and bytes of address space."""

    seconds: float
    memory: int


SHORT: Final = Bound(15, 512 * 1024**2)  # 500 lines take 8 to 9 s and 413 MB
OVER_TIME: Final = 75  # how a process ends that took more of the processor than it may
NO_MEMORY: Final = frozenset({-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGSEGV})  # or that a library got no memory
LONG: Final = Bound(100, MOST)  # 2,000 lines take 33 to 44 s and 909 MB


def bound_of(size: int) -> Bound:
    """That of a page of so many characters."""
    return SHORT if size <= ORDINARY else LONG


@contextmanager
def within(bound: Bound) -> Iterator[None]:
    """Ends this process with OVER_TIME, or raises MemoryError, in what is done here past the bound."""
    _most, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGPROF, _end)
    try:
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (bound.memory, hard))
        signal.setitimer(signal.ITIMER_PROF, bound.seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _end(_signal: int, _frame: Any) -> None:
    os._exit(OVER_TIME)
