"""The facts behind a figure in a browser: as they count, as they were frozen, or as they are known now."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from portal.access.guards import Acting, allowed, may, sees_a_part
from portal.platform.refusals import NotFound
from portal.platform.work import View, viewing
from portal.scorecards import queries
from portal.scorecards.pages.scores import Card, card_of, counted, named
from portal.scorecards.queries import AskedFacts
from portal.scorecards.rules import CODES, CRITERIA, LATELY, OF_ITSELF
from portal.web import page


@get("/suppliers/{supplier_id:uuid}/scorecard/lines", guards=[may("scorecards:read")], include_in_schema=False)
async def show(
    actor: Acting,
    supplier_id: FromPath[UUID],
    criterion: FromQuery[str] = "",
    period: FromQuery[str] = LATELY,
    buyer_id: FromQuery[UUID | None] = None,
    now: FromQuery[bool] = False,
    revision: FromQuery[int | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[Any]:
    """The facts behind one figure."""
    asked = AskedFacts(criterion, now, revision)
    async with viewing(actor) as view:
        pair = await queries.pair_of(view, supplier_id, buyer_id)
        card = await card_of(view, pair, pair.period(period or LATELY))
        facts = await queries.facts(view, pair, card.period, asked, cursor=cursor or None)
        units = await queries.by_unit(view, pair, card.period, asked) if criterion == "quality" else []
        card = await _as_asked(view, card, asked)
    figure = card.scored.figures.get(criterion)
    return page(
        "scorecards/lines.html",
        card=card,
        facts=facts.items,
        older=facts.next_cursor,
        name=criterion,
        criterion=CRITERIA[criterion],
        counted=counted(figure) if figure and figure.count else None,
        raw=figure.raw if figure and figure.excused.count else None,
        named=named(card.period),
        codes={**CODES, **OF_ITSELF},
        of_itself=OF_ITSELF,
        now=now,
        units=units,
        part=sees_a_part(actor, "scorecards:read"),
        asks=allowed(actor, "excuses:ask") and (card.own or allowed(actor, "excuses:decide")),
    )


async def _as_asked(view: View, card: Card, asked: AskedFacts) -> Card:
    """The card whose figure the listed facts add up to."""
    if asked.now:
        return card._replace(scored=await queries.score_now(view, card.pair, card.period, frozen=False))
    if asked.revision is None or card.period.month is None:
        return card
    kept = await queries.cards_of(view, card.pair, card.period.month)
    found = next((each for each in kept if each.revision == asked.revision), None)
    if found is None:
        raise NotFound()
    scored = queries.told(found.figures, found.weights, found.rules.get("bounds"))
    return card._replace(scored=scored, revision=found.revision)


HANDLERS: list[Any] = [show]
