"""The room where examiners sit: starts them, feeds them, and ends one that takes too long.

Examining a file blocks a thread of this room and nothing else. Strangers ask here too, so there are few of them and
each is replaced after a while.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from portal.documents.pressroom import Press, PressDied, Unprintable, own_press
from portal.signatures.examiner import Task
from portal.signatures.forms import Finding

EXAMINERS = 2
SECONDS = 20.0  # for one file; a signed contract of 300 pages takes less than one


async def examine(pdf: bytes, roots: Sequence[bytes], since: int = 0) -> Finding:
    """What is in the file, and what came into it since a revision that ended there; `fault` if that cannot be told."""
    return await asyncio.get_running_loop().run_in_executor(_room(), _examined, Task(pdf, list(roots), since))


def _examined(task: Task) -> Finding:
    examiner: Press = own_press("portal.signatures.examiner", Finding)
    try:
        return examiner.set(task, SECONDS)
    except Unprintable:
        return Finding(fault="takes too long")
    except PressDied:
        return Finding(fault="cannot be read")


@cache
def _room() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(EXAMINERS, "examiner")
