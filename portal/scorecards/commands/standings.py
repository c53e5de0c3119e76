"""Keeping each supplier's score and standing on its trading relationship, where orders read them."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from portal.organisations.commands import set_standings
from portal.platform.actor import Actor
from portal.platform.decimals import half_up
from portal.platform.work import Change, changing
from portal.scorecards.events import ScoresRecomputed
from portal.scorecards.queries import scores_of_suppliers
from portal.scorecards.rules import Period, weights_of
from portal.scorecards.tables import Organisation

_BUYER = "select (portal.now() at time zone time_zone)::date as today, score_weights from organisation where id = $1"
_KEPT = """
select supplier_id, standing, score from trading_relationship where buyer_id = $1
  and ($2::uuid is null or supplier_id = (select supplier_id from purchase_order where id = $2))
order by id for no key update
"""


async def recompute_standings(actor: Actor, order_id: UUID | None = None) -> int:
    """Bring the scores of the last twelve months to all suppliers, or to that of one order; returns how many changed.

    Safe to run twice and at once: relationships are locked in one order, and nothing is written that is so already.
    The first event is the buyer's alone, so that its entry tells every supplier's row.
    """
    async with changing(actor) as change:
        kept = await change.fetch(_KEPT, actor.organisation_id, order_id)
        wanted = await _wanted(change, None if order_id is None else [row["supplier_id"] for row in kept])
        moved = {
            row["supplier_id"]: new
            for row in kept
            if (new := wanted.get(row["supplier_id"], ("no_data", None))) != (row["standing"], row["score"])
        }
        if moved:
            buyer = await change.row(Organisation, actor.organisation_id, lock=False)
            change.record(ScoresRecomputed(len(moved)), buyer)
            await set_standings(change, moved)
    return len(moved)


async def _wanted(change: Change, suppliers: Sequence[UUID] | None) -> dict[UUID, tuple[str, Decimal | None]]:
    buyer = await change.one(_BUYER, change.actor.organisation_id)
    assert buyer is not None, "whose scores are kept is an organisation"
    period = Period.parse("last-12-months", buyer["today"])
    scores = await scores_of_suppliers(change, period, suppliers, weights_of(buyer["score_weights"]))
    return {
        supplier: (scored.standing or "no_data", None if scored.value is None else half_up(scored.value, 1))
        for supplier, scored in scores.items()
    }
