"""Freezing months: from then on a month says what it said, and what comes later is told as a restatement."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.access.guards import require
from portal.organisations.queries import Terms, party_of, terms
from portal.platform.actor import Actor
from portal.platform.calendar import Month
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.work import Change, changing, viewing
from portal.scorecards.commands.derive import derive_month
from portal.scorecards.commands.lines import keep_lines, keep_lines_of
from portal.scorecards.commands.recompute import Place, keep_scores, kept_as
from portal.scorecards.events import MonthFrozen, ScorecardRestated, ScorecardsFrozen
from portal.scorecards.queries import Pair, kept_figures, pair_of, score_now, scoring_of, seen_figures
from portal.scorecards.queries import Scoring as Rules
from portal.scorecards.rules import Bounds, score_of, weights_of
from portal.scorecards.tables import Organisation, Scorecard

TOGETHER = 250  # suppliers whose months are frozen in one transaction
_SUPPLIERS = "select supplier_id from trading_relationship where buyer_id = $1 order by id"
_LOCK = """
select 1 from trading_relationship where buyer_id = $1 and supplier_id = any($2) order by id for no key update
"""
_CARDS = "select count(*)::int from scorecard where buyer_id = $1 and month >= $2 and month <= $3 and revision = 1"
_LOCK_ONE = "select 1 from trading_relationship where id = $1 for no key update"
_RULES = """jsonb_build_object('early_days', b.score_early_days, 'in_full_tolerance', b.score_in_full_tolerance::text)
  || jsonb_strip_nulls(jsonb_build_object('bounds', s.bounds))"""
_PARTIES = f"jsonb_build_object('buyer', {party_of('b')}, 'supplier', {party_of('p')})"
_FREEZE = f"""
insert into scorecard (buyer_id, supplier_id, shown_to, buyer_name, supplier_name, month, revision, figures, weights,
  rules, parties, score, raw_score, coverage, facts, standing, missing, created_by, created_at)
select s.buyer_id, s.supplier_id, s.supplier_id, b.name, p.name, s.month, 1, s.figures, s.weights, {_RULES}, {_PARTIES},
  s.score, s.raw_score, s.coverage, s.facts, s.standing, s.missing, $3, $4
from supplier_score s join organisation b on b.id = s.buyer_id join organisation p on p.id = s.supplier_id
where s.buyer_id = $1 and s.month <= $2 and s.revision = 0 and s.supplier_id = any($5) returning id, month
"""
_FROZEN = """
update supplier_score set revision = 1
where buyer_id = $1 and month <= $2 and revision = 0 and supplier_id = any($3)
"""
_RESTATED = """
update supplier_score s set revision = c.revision, figures = c.figures, weights = c.weights,
  bounds = c.rules->'bounds', score = c.score,
  raw_score = c.raw_score, coverage = c.coverage, facts = c.facts, standing = c.standing, missing = c.missing,
  computed_at = c.created_at
from scorecard c where c.id = $1 and s.buyer_id = c.buyer_id and s.supplier_id = c.supplier_id and s.month = c.month
"""


async def freeze_due(actor: Actor) -> Month | None:
    """Freeze the months whose days of grace are over; gives the last of them, None if there is none.

    A company without any fact yet has nothing to freeze: its history may still be imported.
    """
    async with viewing(actor) as view:
        rules = await scoring_of(view)
    if rules.freeze_days is None:
        return None
    month = Month.of(rules.today - timedelta(days=rules.freeze_days)).plus(-1)
    found = month.first >= rules.open_from and await _freeze(actor, rules, month)
    return month if found else None


async def freeze(actor: Actor, month: Month) -> Month:
    """Freeze a month that has ended, with all before it, without waiting for its days of grace."""
    require(actor, "scorecards:freeze")
    async with viewing(actor) as view:
        rules = await scoring_of(view)
    if month.plus(1).first > rules.today:
        raise Conflict(_("{month} has not ended yet: what is still to come of it, nobody knows.", month=month))
    if month.first < rules.open_from:
        raise Conflict(_("{month} is frozen already. What changes in it is restated.", month=month))
    if not await _freeze(actor, rules, month):
        raise Conflict(_("Nothing was due, delivered or invoiced until the end of {month}.", month=month))
    return month


async def _freeze(actor: Actor, rules: Rules, month: Month) -> bool:
    """Some suppliers after the other, then the company: whether there was anything.

    Each has its month frozen with its scorecard, in a short transaction that locks these relationships alone. What was
    interrupted goes on where it was: whoever has a scorecard of the month is left out.
    """
    request = msgspec.structs.replace(actor.request, idempotency=None, held=None)
    alone = msgspec.structs.replace(actor, request=request)
    async with viewing(alone) as view:
        suppliers = [row["supplier_id"] for row in await view.fetch(_SUPPLIERS, actor.organisation_id)]
    some = [suppliers[start : start + TOGETHER] for start in range(0, len(suppliers), TOGETHER)]
    frozen = sum([await _freeze_some(alone, rules, month, each) for each in some])
    async with changing(actor) as change:
        count = max(frozen, await change.value(_CARDS, actor.organisation_id, rules.open_from, month.first))
        buyer = await change.row(Organisation, actor.organisation_id)
        until = month.plus(1).first - timedelta(days=1)
        if not count or (buyer.scores_frozen_until is not None and buyer.scores_frozen_until >= until):
            return bool(count)
        buyer.scores_frozen_until = until
        change.write(buyer)
        change.record(MonthFrozen(str(month), count), buyer)
    return True


async def _freeze_some(actor: Actor, rules: Rules, month: Month, suppliers: Sequence[UUID]) -> int:
    """Work out once more what is known of these suppliers, and keep it and its lines for good; how many months."""
    async with changing(actor) as change:
        organisation = actor.organisation_id
        await change.fetch(_LOCK, organisation, suppliers)
        await keep_scores(change, rules, suppliers)
        found = await change.fetch(_FREEZE, organisation, month.first, actor.person_id, change.now, suppliers)
        if not found:
            return 0
        cards, first = [card["id"] for card in found], min(card["month"] for card in found)
        await keep_lines(change, cards, suppliers, first, month.plus(1).first)
        await change.fetch(_FROZEN, organisation, month.first, suppliers)
        buyer = await change.row(Organisation, organisation, lock=False)
        change.record(ScorecardsFrozen(str(month), len(cards)), buyer)
    return len(cards)


async def restate(actor: Actor, supplier_id: UUID, month: Month, reason: str) -> Scorecard:
    """Say anew what a frozen month comes to, by what is known now and the rules of then; both stay to be read.

    The rules of then are weights, early window and tolerance: other ones make no other month of it.
    """
    async with changing(actor) as change:
        change.require("scorecards:restate")
        if not reason.strip():
            raise Invalid.field("reason", _("Say what changed: the supplier reads this beside both figures."))
        agreed = await terms(change, actor.organisation_id, supplier_id)
        if agreed is None:
            raise NotFound()
        pair = await pair_of(change, supplier_id)
        last = await _last(change, pair, month)
        if last is None:
            raise Conflict(_("{month} is not frozen: its scores follow the facts by themselves.", month=month))
        await change.fetch(_LOCK_ONE, agreed.relationship_id)
        await derive_month(change, supplier_id, month)
        card = change.add(await _restated(change, pair, agreed, last, reason))
        keep_lines_of(change, card.id, supplier_id, month)
        change.afterwards(_RESTATED, card.id)
        change.record(ScorecardRestated(card.id, supplier_id, str(month), card.revision, reason), card)
    return card


async def _last(change: Change, pair: Pair, month: Month) -> Scorecard | None:
    """What the month said last; None for a supplier of which nothing was known when it was frozen."""
    condition = "buyer_id = $1 and supplier_id = $2 and month = $3 order by revision desc limit 1"
    found = await change.rows(Scorecard, condition, pair.buyer_id, pair.supplier_id, month.first)
    return found[0] if found else None


async def _restated(change: Change, pair: Pair, agreed: Terms, last: Scorecard, reason: str) -> Scorecard:
    month = Month.of(last.month)
    now = await score_now(change, pair, pair.period(str(month)), frozen=False)
    score = score_of(now.figures.values(), weights_of(last.weights), Bounds.of(last.rules.get("bounds")))
    kept = kept_as(Place(pair.supplier_id, month), score, kept_figures(score))
    if seen_figures(kept["figures"]) == seen_figures(last.figures):
        raise Conflict(_("What is known now of {month} comes to the same: there is nothing to restate.", month=month))
    told = {name: kept[name] for name in ("figures", "weights", "facts", "standing", "missing")}
    numbers: dict[str, Any] = {name: None if kept[name] is None else Decimal(kept[name]) for name in _NUMBERS}
    return Scorecard(
        id=new_id(),
        buyer_id=pair.buyer_id,
        supplier_id=pair.supplier_id,
        shown_to=pair.supplier_id,
        buyer_name=agreed.buyer.name,
        supplier_name=agreed.supplier.name,
        month=month.first,
        revision=last.revision + 1,
        rules=last.rules,
        parties={"buyer": msgspec.to_builtins(agreed.buyer), "supplier": msgspec.to_builtins(agreed.supplier)},
        reason=reason,
        created_by=change.actor.person_id,
        created_at=change.now,
        **told,
        **numbers,
    )


_NUMBERS = ("score", "raw_score", "coverage")
