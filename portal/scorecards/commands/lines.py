"""The lines of frozen figures: the facts of each criterion as they were, kept with the scorecard that sums them up."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from portal.platform.calendar import Month
from portal.platform.work import Change
from portal.scorecards.queries import COLUMNS, FACTS, FACTS_OF_THEN, month_of

_FIELDS = [name for name in COLUMNS.split(", ") if name not in ("buyer_id", "supplier_id")]
_FACT = ", ".join(f"'{name}', f.{name}" for name in _FIELDS)


def _keeping(facts: Mapping[str, str], condition: str) -> str:
    """All criteria in one statement, so that they are of one moment; summed up before the scorecards join them."""
    every = " union all ".join(
        f"select '{name}' as criterion, {COLUMNS} from ({sql}) as {name} where {condition}"
        for name, sql in facts.items()
    )
    return f"""
with known as materialized (
  select f.supplier_id, {month_of("f.counts_on")} as month, f.criterion,
    jsonb_agg(jsonb_build_object({_FACT}) order by f.counts_on desc, f.id desc) as facts
  from ({every}) f group by 1, 2, 3)
insert into scorecard_fact (scorecard_id, buyer_id, supplier_id, shown_to, criterion, facts)
select c.id, c.buyer_id, c.supplier_id, c.supplier_id, k.criterion, k.facts
from scorecard c join known k on k.supplier_id = c.supplier_id and k.month = c.month where c.id = any($1::uuid[])
"""


_IN_TIME: Final = "buyer_id = $2 and counts_on >= $3 and counts_on < $4"
_OF_SUPPLIERS: Final = f"{_IN_TIME} and supplier_id = any($5::uuid[])"
_FROZEN = _keeping(FACTS, _OF_SUPPLIERS)
_RESTATED = _keeping(FACTS_OF_THEN, _OF_SUPPLIERS)


async def keep_lines(
    change: Change, cards: Sequence[UUID], suppliers: Sequence[UUID], first: date, until: date
) -> None:
    """Keep what these suppliers' scorecards of the months in [first, until) stand on; the database compares both at
    the end.

    Of facts that came between the figures and their lines, it refuses the scorecards: freezing begins again.
    """
    await change.fetch(_FROZEN, list(cards), change.actor.organisation_id, first, until, list(suppliers))


def keep_lines_of(change: Change, card: UUID, supplier_id: UUID, month: Month) -> None:
    """The same of a restatement that is about to be written, by the rules of then."""
    span = (month.first, month.plus(1).first)
    change.afterwards(_RESTATED, [card], change.actor.organisation_id, *span, [supplier_id])
