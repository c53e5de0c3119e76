"""Who decides on differences: colleagues who hold the role and entered none of the orders that the invoice bills."""

from collections.abc import Sequence
from uuid import UUID

from portal.access.duties import counterparts
from portal.access.guards import allowed
from portal.access.queries import colleagues
from portal.invoicing.queries.source import OrderHead
from portal.invoicing.tables import MatchException
from portal.platform.work import View

RESOLVE = "invoices:resolve"
_BARRED = "select person_id from duty_taken where root_id = any($1) and permission = any($2)"


async def barred(view: View, orders: Sequence[OrderHead]) -> set[UUID]:
    """The people whose part in one of these orders keeps them from deciding on its differences."""
    excluding = list(counterparts().get(RESOLVE, ()))
    return {record["person_id"] for record in await view.fetch(_BARRED, [order.id for order in orders], excluding)}


async def deciders(view: View, waiting: Sequence[MatchException], without: set[UUID]) -> dict[UUID, list[str]]:
    """The names of those who may decide on each open difference, by its id."""
    able = [each for each in await colleagues(view) if each.person_id not in without]
    return {row.id: sorted(each.name for each in able if allowed(each, RESOLVE, row)) for row in waiting}
