"""Commands are synchronous, most of what they call is not."""

import asyncio
import inspect
from collections.abc import Coroutine
from typing import Any


def settle(answer: Coroutine[Any, Any, Any] | Any) -> Any:
    """The answer itself, awaited if it is still to come. The event loop ends with it and leaves no thread behind."""
    return asyncio.run(answer) if inspect.iscoroutine(answer) else answer
