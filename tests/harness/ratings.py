"""Situations of ratings: orders that are finished, people who rate them, suppliers that are shown averages."""

from typing import Any

from portal.orders.tables import PurchaseOrder
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.ratings import commands
from portal.ratings.forms import RatingForm, RatingsShownProposal
from portal.ratings.tables import OrderRating
from portal.settings import commands as settings
from tests.harness.deliveries import received_goods
from tests.harness.world import Organised, a_colleague, accepted_order


async def finished_order(company: Organised, supplier: Organised, **changes: Any) -> PurchaseOrder:
    """All that was ordered was received."""
    order = await accepted_order(company, supplier, **changes)
    await received_goods(company, order, "10")
    return order


async def rated(actor: Actor, order: PurchaseOrder, stars: int = 4, **more: Any) -> OrderRating:
    return await commands.rate(actor, order.id, convert(RatingForm, {"stars": stars} | more))


async def rated_by_three(company: Organised, supplier: Organised, *stars: int) -> PurchaseOrder:
    """Three people rate the same order: the requester, the receiver and a buyer."""
    order = await finished_order(company, supplier)
    for person, given in zip((company.requester, company.receiver, company.buyer), stars or (5, 4, 2), strict=True):
        await rated(person, order, given, communication=given, comment=f"Said by {person.roles}")
    return order


async def opened(company: Organised) -> None:
    """Two people of the company let suppliers see averages."""
    form = convert(RatingsShownProposal, {"shown": True, "reason": "They are to know."})
    made = await commands.propose_shown(company.supplier_manager, form)
    await settings.approve(company.approver, made.id)


async def another_receiver(company: Organised) -> Actor:
    return await a_colleague(company, "receiver")
