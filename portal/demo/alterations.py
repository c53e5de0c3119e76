"""Orders that change after both sides agreed on them: what either asks for, and how the other answers."""

from datetime import timedelta

from portal.demo.scene import Scene, form, part
from portal.demo.steps import day_of
from portal.orders import commands as orders
from portal.orders.forms import ChangeForm
from portal.platform.actor import Actor
from portal.platform.decimals import plain


async def ask_for_more(scene: Scene) -> None:
    """Purchasing needs a tenth more of the first line: the next revision, which the supplier has to answer."""
    scene.wait(1.2)
    first = (await scene.lines())[0]
    more = {"line": first.line, "code": "3", "quantity": plain(first.quantity + part(first.quantity, 10))}
    asked = form(ChangeForm, reason="The series runs longer than we had planned.", lines=[more])
    await _propose(scene, scene.buyer_side("buyer"), asked)


async def approve_the_change(scene: Scene) -> None:
    """It costs more than was approved, so somebody approves it again; with that it is issued."""
    scene.wait(0.4)
    await orders.approve_change(scene.buyer_side("head-of-purchasing"), scene.order_id, scene.change_id)


async def take_the_change(scene: Scene) -> None:
    scene.wait(0.8)
    await orders.accept_change(scene.desk, scene.order_id, scene.change_id)


async def offer_a_later_day(scene: Scene) -> None:
    """The supplier's machine stands still: the first line would come five days later than promised."""
    scene.wait(1.1)
    first = (await scene.lines())[0]
    later = {"line": first.line, "code": "3", "promised_date": (day_of(first) + timedelta(days=5)).isoformat()}
    offered = form(ChangeForm, reason="A spindle of our machine has to be replaced.", lines=[later])
    await _propose(scene, scene.desk, offered)


async def agree_to_the_change(scene: Scene) -> None:
    scene.wait(0.5)
    await orders.accept_change(scene.buyer_side("buyer"), scene.order_id, scene.change_id)


async def _propose(scene: Scene, who: Actor, told: ChangeForm) -> None:
    scene.change_id = (await orders.propose(who, scene.order_id, told)).asked.id
