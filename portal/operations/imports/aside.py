"""Reading beside the event loop, in threads of its own, and its end before its time.

A thread cannot be cancelled. What it reads asks at every row whether anybody still waits for it, and mails and PDFs
have other threads: however many imports are begun and given up, they hold up nothing but each other.
"""

import asyncio
import contextvars
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")
_THREADS = 4
_running: ThreadPoolExecutor | None = None


class Stopped(Exception):
    """Nobody waits any more for what is being read."""


@contextmanager
def stopping() -> Iterator[Event]:
    """What is read until the end of this context; whatever still reads then stops at its next row."""
    stop = Event()
    try:
        yield stop
    finally:
        stop.set()


async def aside(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Do it in one of the threads, in the language of whoever asks."""
    global _running
    _running = _running or ThreadPoolExecutor(_THREADS, "imports")
    call = partial(contextvars.copy_context().run, work, *given, **named)
    return await asyncio.get_running_loop().run_in_executor(_running, call)


def end_threads() -> None:
    """Wait for what is read, and let the threads go: a process that forks must not have any."""
    global _running
    if _running is not None:
        _running.shutdown()
        _running = None
