"""The parts of a company that its records name: what a scope may be made of."""

from collections.abc import Mapping, Sequence
from typing import Final

from portal.platform.work import View

LISTS: Final = ("purchasing_groups", "cost_centres", "categories")
MOST_PARTS: Final = 60  # of a kind that are offered; others are typed
NEWEST: Final = 2_000  # orders, and items, that are looked at for what is offered; all of 100,000 take half a second
_IN_USE: Final = """
with ordered as materialized (select purchasing_group, cost_centre, categories from purchase_order where buyer_id = $1
    order by created_at desc, id desc limit $2),
  kept as materialized (select category from item where organisation_id = $1
    order by created_at desc, id desc limit $2)
select array(select distinct purchasing_group from ordered where purchasing_group <> '' order by 1)
    as purchasing_groups,
  array(select distinct cost_centre from ordered where cost_centre <> '' order by 1) as cost_centres,
  array(select category from kept where category <> '' union select unnest(categories) from ordered order by 1)
    as categories
"""


async def parts_in_use(view: View, newest: int | None = NEWEST) -> dict[str, list[str]]:
    """Purchasing groups, cost centres and categories that the newest orders and items of one's company name, in their
    order; with None, that any does."""
    found = await view.one(_IN_USE, view.actor.organisation_id, newest)
    return {name: list(found[name]) if found else [] for name in LISTS}


async def parts_offered(view: View) -> dict[str, list[str]]:
    """As many of them as a form offers to tick."""
    return {name: named[:MOST_PARTS] for name, named in (await parts_in_use(view)).items()}


async def unheard_of(view: View, chosen: Mapping[str, Sequence[str]]) -> list[str]:
    """What a scope names and nothing has yet: most often it is written otherwise than on the orders. All of them are
    looked at only if the newest do not name it."""
    strange = _strange(chosen, await parts_in_use(view))
    return _strange(chosen, await parts_in_use(view, None)) if strange else []


def _strange(chosen: Mapping[str, Sequence[str]], in_use: Mapping[str, Sequence[str]]) -> list[str]:
    return [each for name in LISTS for each in chosen.get(name, ()) if each not in in_use[name]]
