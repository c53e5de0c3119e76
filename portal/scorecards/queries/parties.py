"""Who may see whose score: a buyer those of its suppliers, a supplier its own with each of its customers."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from portal.organisations.queries import consequences_of
from portal.platform.calendar import Month
from portal.platform.i18n import _
from portal.platform.refusals import Malformed, NotFound
from portal.platform.work import View
from portal.scorecards.forms import SettingsOut, StandingsOut
from portal.scorecards.rules import EDITION, SCORED, Bounds, Period, weights_of


def bounds_of(buyer: str) -> str:
    """SQL of the bounds that an organisation sets now."""
    return f"""jsonb_build_object('least_count', {buyer}.score_least_count, 'edition', {EDITION},
    'least_coverage', {buyer}.score_least_coverage::text) || coalesce({buyer}.score_standings, '{{}}')"""


_PAIR = f"""
select r.buyer_id, b.name as buyer_name, r.supplier_id, r.supplier_name,
  (portal.now() at time zone b.time_zone)::date as today, b.score_weights as weights,
  {bounds_of("b")} as bounds,
  b.scores_frozen_until as frozen_until,
  (select v.until from standing_override v where v.buyer_id = r.buyer_id and v.supplier_id = r.supplier_id
    and v.ended_at is null and v.until >= (portal.now() at time zone b.time_zone)::date) as exception_until
from trading_relationship r join organisation b on b.id = r.buyer_id
"""
_SETTINGS = """
select version, score_early_days, score_in_full_tolerance, score_weights, score_consequences, score_freeze_days,
  score_standings, score_least_count, score_least_coverage, scores_frozen_until from organisation where id = $1
"""


class Pair(NamedTuple):
    """A buyer and one of its suppliers, what day it is for the buyer, and what it gives how much weight. Only the buyer
    knows until when it makes an exception from what the standing brings."""

    buyer_id: UUID
    buyer_name: str
    supplier_id: UUID
    supplier_name: str
    today: date
    weights: Mapping[str, Decimal]
    bounds: Bounds
    frozen_until: date | None
    exception_until: date | None = None

    def may_be_frozen(self, month: Month) -> bool:
        """Whether a scorecard may tell the month: it does if anything was known of the supplier when it was frozen."""
        return self.frozen_until is not None and month.first <= self.frozen_until

    def period(self, code: str | None) -> Period:
        try:
            return Period.parse(code, self.today)
        except ValueError as error:
            told = _("A period is a month such as {month}, last-12-months or all.", month=Month.of(self.today))
            raise Malformed(told) from error


async def pair_of(view: View, supplier_id: UUID, buyer_id: UUID | None = None) -> Pair:
    """Whose score of whom. Raises `NotFound` for others' scores, `Malformed` if one of several customers is meant."""
    own = view.actor.organisation_id
    if supplier_id == own:
        found = await customers(view, buyer_id)
    elif buyer_id in (None, own):
        found = await _pairs(view, "r.buyer_id = $1 and r.supplier_id = $2", own, supplier_id)
    else:
        found = []
    if not found:
        raise NotFound()
    if len(found) > 1:
        raise Malformed(_("You have several customers. Say which one with buyer_id."))
    return found[0]


async def settings_of(view: View) -> SettingsOut:
    """By what the reader's organisation scores its suppliers; only buyers do."""
    buyer = await view.one(_SETTINGS, view.actor.organisation_id) if view.actor.is_buyer else None
    if buyer is None:
        raise NotFound()
    weights = {name: weight for name, weight in weights_of(buyer["score_weights"]).items() if name in SCORED}
    kept = {name: buyer[f"score_{name}"] for name in ("least_count", "least_coverage")}
    bounds = Bounds.of((buyer["score_standings"] or {}) | kept)
    return SettingsOut(
        version=buyer["version"],
        early_days=buyer["score_early_days"],
        in_full_tolerance=buyer["score_in_full_tolerance"],
        weights=weights,
        standings=StandingsOut(warn=bounds.warn, good=bounds.good),
        least_count=bounds.least_count,
        least_coverage=bounds.least_coverage,
        consequences=consequences_of(buyer["score_consequences"]),
        freeze_days=buyer["score_freeze_days"],
        frozen_until=buyer["scores_frozen_until"],
    )


async def customers(view: View, buyer_id: UUID | None = None) -> list[Pair]:
    """The customers of the reader's organisation (or the one asked for), by name."""
    condition = "r.shown_to = $1 and ($2::uuid is null or r.buyer_id = $2) order by b.name limit 200"
    return await _pairs(view, condition, view.actor.organisation_id, buyer_id)


async def _pairs(view: View, condition: str, *values: object) -> list[Pair]:
    records = await view.fetch(f"{_PAIR} where {condition}", *values)
    rules = [{"weights": weights_of(each["weights"]), "bounds": Bounds.of(each["bounds"])} for each in records]
    return [Pair(**{**record, **own}) for record, own in zip(records, rules, strict=True)]
