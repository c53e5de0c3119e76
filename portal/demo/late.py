"""A call-off of the demo that came late, and what its contract says that this costs: somebody is to decide."""

from uuid import UUID

from portal.debits import commands as debits
from portal.demo import steps
from portal.demo.cast import BUYER, GOODS, SUPPLIERS
from portal.demo.scene import Plot, Scene, form
from portal.demo.signed_here import SUPPLIER
from portal.demo.stage import Stage
from portal.orders import commands as orders
from portal.orders.forms import OrderForm
from portal.platform.actor import Actor

CALLED = "FA-0930"
QUANTITY = 400
BEGAN = 30  # days ago


async def come_late(stage: Stage, contract_id: UUID) -> None:
    """Called off, accepted, sent a good week after the day that was agreed on, and received."""
    good = next(each for each in GOODS if each.number == CALLED)
    firm = next(each for each in SUPPLIERS if each.name == SUPPLIER)
    scene = Scene(stage, Plot(firm, ((good, QUANTITY),), BEGAN, ""))
    line = steps.line_of(scene, good, QUANTITY)
    said = {"supplier_id": str(stage.organisations[SUPPLIER]), "currency": "EUR", "contract_id": str(contract_id)}
    order = await orders.create(scene.buyer_side("requester"), form(OrderForm, **said, lines=[line]))
    scene.order_id = order.id
    for step in (steps.submit, steps.approve, steps.issue, steps.accept, steps.despatch_late, steps.receive):
        await step(scene)
    scene.wait(0.1)
    await debits.propose(Actor.system(stage.organisations[BUYER.name]))
