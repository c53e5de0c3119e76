"""Commands are synchronous, most of what they call is not."""

import asyncio
import gc
import inspect
import multiprocessing
import signal
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from portal.platform.processes import die_with_parent

T = TypeVar("T")


def settle(answer: Coroutine[Any, Any, Any] | Any) -> Any:
    """The answer itself, awaited if it is still to come. The event loop ends with it and leaves no thread behind."""
    return asyncio.run(answer) if inspect.iscoroutine(answer) else answer


def apart(work: Callable[[], T]) -> T:
    """Do it in a process of its own and give what comes of it, an exception too."""
    return begun_apart(work)()


def begun_apart(work: Callable[[], T]) -> Callable[[], T]:
    """Begin it in a process of its own; call what is returned for what comes of it, an exception too.

    Libraries start threads that nobody sees (the store's does with its first byte), and no thread survives a fork:
    whoever forks later has such work done here, or its children wait for ever for threads that are not there.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_send, args=(theirs, work, die_with_parent(signal.SIGKILL)))
    child.start()
    theirs.close()

    def outcome() -> T:
        try:
            told: tuple[Any, BaseException | None] = ours.recv()
        except EOFError as error:
            raise RuntimeError("the process that did this work ended without a word") from error
        finally:
            child.join()
        if told[1] is not None:
            raise told[1]
        return told[0]

    return outcome


def _send(pipe: Any, work: Callable[[], Any], begin: Callable[[], None]) -> None:
    begin()
    gc.enable()
    try:
        told = (work(), None)
    except BaseException as error:
        error.add_note(traceback.format_exc())  # which would not come along
        told = (None, error)
    pipe.send(told)


async def as_the_portal(act: Callable[[], Awaitable[T]]) -> T:
    """Run an act wired and connected as the application is."""
    from portal.app import wire
    from portal.platform.database import connect, disconnect

    wire()
    await connect(most=2)
    try:
        return await act()
    finally:
        await disconnect()
