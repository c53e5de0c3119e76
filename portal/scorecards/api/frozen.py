"""Frozen months: freezing them, what they said, and what they were restated to."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from portal.access.guards import Acting, may
from portal.platform.calendar import Month
from portal.platform.work import viewing
from portal.scorecards import commands, queries
from portal.scorecards.forms import FrozenOut, KeptScorecard, MonthForm, RestatementForm
from portal.web.answers import tagged


@post("/freeze", guards=[may("scorecards:freeze")], operation_id="freezeScorecards", status_code=200)
async def freeze(actor: Acting, data: JSONBody[MonthForm]) -> FrozenOut:
    """Freeze a month that has ended, with all before it, without waiting for its days of grace."""
    return FrozenOut(str(await commands.freeze(actor, Month.parse(data.month))))


@get("/{scorecard_id:uuid}", guards=[may("scorecards:read")], operation_id="getFrozenScorecard")
async def show(actor: Acting, scorecard_id: FromPath[UUID]) -> Response[KeptScorecard]:
    """A scorecard as it was frozen, or restated: it never changes."""
    async with viewing(actor) as view:
        return tagged(queries.card_out(await queries.card_row(view, scorecard_id)))


@get("/{supplier_id:uuid}/scorecards", guards=[may("scorecards:read")], operation_id="listFrozenScorecards")
async def list_frozen(
    actor: Acting,
    supplier_id: FromPath[UUID],
    buyer_id: FromQuery[UUID | None] = None,
    month: FromQuery[str | None] = None,
) -> list[KeptScorecard]:
    """A supplier's frozen months, newest first; a month that was restated has several revisions."""
    async with viewing(actor) as view:
        pair = await queries.pair_of(view, supplier_id, buyer_id)
        chosen = pair.period(month).month if month else None
        return [queries.card_out(card) for card in await queries.cards_of(view, pair, chosen)]


@post("/{supplier_id:uuid}/scorecards", guards=[may("scorecards:restate")], operation_id="restateScorecard")
async def restate(
    actor: Acting, supplier_id: FromPath[UUID], data: JSONBody[RestatementForm]
) -> Response[KeptScorecard]:
    """Tell a frozen month anew by what is known now, and say why; what it said before stays."""
    card = await commands.restate(actor, supplier_id, Month.parse(data.month), data.reason)
    async with viewing(actor) as view:
        return tagged(queries.card_out(await queries.card_row(view, card.id)), 201)


HANDLERS: list[Any] = [freeze, show]
OF_SUPPLIERS: list[Any] = [list_frozen, restate]
