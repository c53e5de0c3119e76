"""Asking the opener: one process a file, so that no file finds anything of another."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from portal.platform.bounded import Bounded, Died, TookTooLong
from portal.platform.einvoice.opener import Opened, Sealed

SECONDS: Final = 20.0


async def opened(pdf: bytes) -> Opened:
    """The XML inside the PDF, or why there is none that can be had."""
    return await asyncio.get_running_loop().run_in_executor(_room(), _opened, pdf)


def _opened(pdf: bytes) -> Opened:
    opener = Bounded("portal.platform.einvoice.opener")
    try:
        return opener.ask(Sealed(pdf), Opened, SECONDS)
    except (TookTooLong, Died):
        return Opened(error="large")
    finally:
        opener.end()


@cache
def _room() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "opener")
