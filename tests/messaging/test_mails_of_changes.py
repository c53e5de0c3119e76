"""Who is told of a change of an order: those who are to act on it, and nobody before it is theirs to see."""

from portal.messaging import commands
from portal.orders import commands as orders
from tests.harness.changes import changed, to
from tests.harness.jobs import run_jobs
from tests.harness.world import accepted_order, trading_pair

MAILS = (commands.NOTIFY, commands.SEND)


def subjects(inbox, actor) -> list[str]:
    return [mail["Subject"] for mail in inbox.of(actor)]


async def test_a_revision_is_told_to_the_order_desk_and_its_approval_to_who_asked(inbox):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    await run_jobs(*MAILS)
    before = len(inbox.of(supplier.order_desk))
    done = await orders.propose(company.buyer, order.id, changed(to(quantity="30"), reason="More"))
    await run_jobs(*MAILS)

    assert f"A change of order {order.number} waits for your approval" in subjects(inbox, company.approver)
    assert len(inbox.of(supplier.order_desk)) == before

    await orders.approve_change(company.approver, order.id, done.asked.id)
    await run_jobs(*MAILS)
    assert f"Your change of order {order.number} was approved" in subjects(inbox, company.buyer)
    assert f"Order {order.number} was changed by {company.name}" in subjects(inbox, supplier.order_desk)
    said = " ".join(inbox.of(supplier.order_desk)[-1].get_body(("plain",)).get_content().split())
    assert "please answer again" in said


async def test_a_suppliers_change_is_told_to_the_buyer_and_its_end_to_the_supplier(inbox):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    first = await orders.propose(supplier.order_desk, order.id, changed(to(quantity="6")))
    await run_jobs(*MAILS)
    assert f"{supplier.name} proposes a change of order {order.number}" in subjects(inbox, company.buyer)
    await orders.decline_change(company.buyer, order.id, first.asked.id, "We need all")
    await orders.propose(supplier.order_desk, order.id, changed(to(quantity="7")))
    await orders.propose(company.buyer, order.id, changed(to(quantity="8")))
    await run_jobs(*MAILS)

    told = subjects(inbox, supplier.order_desk)
    assert f"Your change of order {order.number} was declined" in told
    assert f"Your change of order {order.number} was overtaken" in told
