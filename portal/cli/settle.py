"""Commands are synchronous, most of what they call is not."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def settle(answer: Coroutine[Any, Any, Any] | Any) -> Any:
    """The answer itself, awaited if it is still to come. The event loop ends with it and leaves no thread behind."""
    return asyncio.run(answer) if inspect.iscoroutine(answer) else answer


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
