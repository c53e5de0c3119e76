"""Scores follow the facts: as they come, and every night for all suppliers, since promises expire by themselves."""

from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.jobs import job
from portal.scorecards import commands

RECOMPUTE = commands.RECOMPUTE
FREEZE = "scorecards.freeze"
PERIODIC = [(RECOMPUTE, "20 2 * * *"), (FREEZE, "40 2 * * *")]


@job(RECOMPUTE, seconds=600)
async def recompute(
    actor: Actor,
    order_id: str | None = None,
    supplier_id: str | None = None,
    every_month: bool = False,
    history: bool = False,
) -> None:
    if history:
        await commands.recompute_history(actor)
    elif order_id is not None:
        await commands.recompute_order(actor, UUID(order_id), every_month=every_month)
    else:
        await commands.recompute_standings(actor, None if supplier_id is None else [UUID(supplier_id)])


@job(commands.WINDOWS, seconds=1800)
async def windows(actor: Actor) -> None:
    """Another early window: what of each delivery was in time is worked out anew for all open months."""
    await commands.recompute_standings(actor, windows_moved=True)


@job(FREEZE, seconds=600)
async def freeze(actor: Actor) -> None:
    """Months are frozen by the calendar of whoever buys: some days after each has ended."""
    await commands.freeze_due(actor)
