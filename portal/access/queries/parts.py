"""The parts of a company that its records name: what a scope may be made of."""

from collections.abc import Mapping, Sequence
from typing import Final

from portal.platform.work import View

LISTS: Final = ("purchasing_groups", "cost_centres", "categories")
MOST_PARTS: Final = 60  # of a kind that are offered; others are typed
_IN_USE = """
select array(select distinct purchasing_group from purchase_order where buyer_id = $1 and purchasing_group <> ''
    order by 1) as purchasing_groups,
  array(select distinct cost_centre from purchase_order where buyer_id = $1 and cost_centre <> '' order by 1)
    as cost_centres,
  array(select category from item where organisation_id = $1 and category <> ''
    union select unnest(categories) from purchase_order where buyer_id = $1 order by 1) as categories
"""


async def parts_in_use(view: View) -> dict[str, list[str]]:
    """Purchasing groups, cost centres and categories that an order or item of one's company names, in their order."""
    found = await view.one(_IN_USE, view.actor.organisation_id)
    return {name: list(found[name]) if found else [] for name in LISTS}


async def parts_offered(view: View) -> dict[str, list[str]]:
    """As many of them as a form offers to tick."""
    return {name: named[:MOST_PARTS] for name, named in (await parts_in_use(view)).items()}


def unheard_of(chosen: Mapping[str, Sequence[str]], in_use: Mapping[str, Sequence[str]]) -> list[str]:
    """What a scope names and nothing has yet: most often it is written otherwise than on the orders."""
    return [each for name in LISTS for each in chosen.get(name, ()) if each not in in_use[name]]
