"""What contracts do when both sides have signed one in the portal, or one of them did not."""

from typing import Any

from portal.contracts import commands
from portal.platform.wiring import Reaction
from portal.platform.work import Change
from portal.signatures.events import SigningCompleted, SigningDeclined, SigningWithdrawn


async def _into_force(change: Change, event: SigningCompleted) -> None:
    await commands.signed_by_all(change, event.signing_id)


async def _back(change: Change, event: SigningDeclined | SigningWithdrawn) -> None:
    await commands.not_signed(change, event.signing_id, event.reason)


REACTIONS: dict[Any, Reaction] = {
    SigningCompleted: Reaction(now=[_into_force]),
    SigningDeclined: Reaction(now=[_back]),
    SigningWithdrawn: Reaction(now=[_back]),
}
