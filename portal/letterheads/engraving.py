"""Asking the engraver: a fresh process for each picture, which few people bring and seldom."""

import asyncio

from portal.letterheads.engraver import Engraved, Task
from portal.letterheads.rules import FAULTS, LARGEST
from portal.platform.bounded import Bounded, Died, TookTooLong
from portal.platform.refusals import Invalid

SECONDS = 20.0  # with the start of the process on a busy machine; a picture takes a tenth of one


async def engrave(field: str, image: bytes) -> bytes:
    """The picture as documents show it; raises Invalid at the field for one that cannot be shown."""
    if len(image) > LARGEST:
        raise Invalid.field(field, FAULTS["large"])
    made = await asyncio.to_thread(_engraved, Task(image))
    if made.fault:
        raise Invalid.field(field, FAULTS[made.fault])
    return made.png


def _engraved(task: Task) -> Engraved:
    engraver = Bounded("portal.letterheads.engraver")
    try:
        return engraver.ask(task, Engraved, SECONDS)
    except (TookTooLong, Died):
        return Engraved(fault="broken")
    finally:
        engraver.end()
