"""Scores follow the facts: every night for all suppliers, since promises expire without anybody doing anything."""

from uuid import UUID

from portal.platform.actor import Actor
from portal.platform.jobs import job
from portal.scorecards import commands

RECOMPUTE = "scorecards.recompute"
PERIODIC = [(RECOMPUTE, "20 2 * * *")]


@job(RECOMPUTE)
async def recompute(actor: Actor, order_id: str | None = None) -> None:
    await commands.recompute_standings(actor, UUID(order_id) if order_id else None)
