"""What an author sees and does while others decide: who is asked, taking back, discarding, starting anew."""

import re

import msgspec
import pytest

from portal.access.commands import add_member
from portal.access.tables import Person
from portal.orders import commands
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.refusals import Denied
from tests.harness.credits import a_rate
from tests.harness.deliveries import events_of, received_goods
from tests.harness.pages import Page, Reader
from tests.harness.world import accepted_order, answer, draft_order, issued_order, line, submitted_order, trading_pair


async def test_an_author_discards_a_draft_and_its_number_stays_used(client_of, superuser):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    requester = Reader(await client_of(company.requester))
    page = await requester.open(f"/orders/{order.id}")
    assert "This cannot be undone" in page.text
    gone = await requester.send(page, "/discard")
    assert f"The draft {order.number} is discarded" in gone.text
    assert "Cancelled" in gone.text
    assert await events_of(company.buyer, order.id) == ["purchase-order.created", "purchase-order.discarded"]
    again = await draft_order(company, supplier)
    assert again.number != order.number


async def test_nobody_discards_or_takes_back_what_others_entered(client_of):
    company, supplier = await trading_pair()
    draft, waiting = await draft_order(company, supplier), await submitted_order(company, supplier)
    buyer = await client_of(company.buyer)
    for order, verb in ((draft, "discard"), (waiting, "withdraw")):
        page = Page(await buyer.get(f"/orders/{order.id}"))
        assert not page.offers(f"/{verb}")
        refused = Page(await buyer.post(f"/orders/{order.id}/{verb}"))
        assert refused.status == 403
        assert "Only who entered or submitted this can do it." in refused.text
    assert Page(await buyer.get(f"/orders/{draft.id}")).offers("/cancel")


async def test_an_author_takes_back_a_submission_and_still_never_approves_it(client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    requester = Reader(await client_of(company.requester))
    back = await requester.send(await requester.open(f"/orders/{order.id}"), "/withdraw")
    assert "is a draft again" in back.text
    assert back.links["Edit"] == f"/orders/{order.id}/edit"
    assert "Orders returned to you 1" not in (await requester.open("/")).text
    await commands.submit(company.buyer, order.id)
    rights = {"roles": frozenset({"requester", "approver", "anyone"}), "limit": company.approver.limit}
    with pytest.raises(Denied):
        await commands.approve(msgspec.structs.replace(company.requester, **rights), order.id)


async def test_an_order_in_approval_says_who_it_waits_for(client_of, superuser):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    person = Person(id=new_id(), full_name="Small Limit", email=f"s.{new_id().hex[-12:]}@example.test")
    limits = {"limit_currency": "EUR", "limit_gross": 10, "limit_cumulative": 10}
    await add_member(Actor.system(company.id), person, ["approver"], **limits)
    requester = await client_of(company.requester)
    told = Page(await requester.get(f"/orders/{order.id}")).text
    assert f"Waits for approval by {company.approver.name}" in told
    assert "Small Limit" not in told
    superuser.execute("update membership set limit_gross = 1 where organisation_id = %s", (company.id,))
    told = Page(await requester.get(f"/orders/{order.id}")).text
    assert "Nobody in your company may approve this order as it stands" in told


async def test_a_requester_sees_how_far_the_own_orders_are_and_begins_new_ones(client_of, clock):
    company, supplier = await trading_pair()
    waiting = await submitted_order(company, supplier)
    issued = await issued_order(company, supplier)
    answered = await issued_order(company, supplier)
    await commands.respond(supplier.order_desk, answered.id, answer("AP"))
    late = await issued_order(company, supplier, line(requested_date="2026-01-02"))
    await commands.respond(supplier.order_desk, late.id, answer("AP"))
    page = Page(await (await client_of(company.requester)).get("/"))
    assert page.links["New order"] == "/orders/new"
    for heading, order in (
        ("Your orders to be approved or issued", waiting),
        ("Your orders that wait for an answer", issued),
        ("Your orders that were answered", answered),
        ("Your orders that are late", late),
    ):
        assert heading in page.text
        assert order.number in page.links
    assert "New order" in Page(await (await client_of(company.buyer)).get("/")).links
    assert "New order" not in Page(await (await client_of(company.receiver)).get("/")).links
    assert "Wanted by" in page.text


async def test_a_declined_counter_offer_says_so_on_the_home_page_and_on_the_order(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    counter = answer("CA", {"line": 1, "code": "3", "quantity": "9"})
    given = await commands.respond(supplier.order_desk, order.id, counter)
    await commands.decline_counter_offer(company.buyer, order.id, given.response.id, "We need all ten")
    desk = Reader(await client_of(supplier.order_desk))
    assert "Your changes were declined: We need all ten" in (await desk.open("/")).text
    page = await desk.open(f"/orders/{order.id}")
    assert page.text.index("Your changes were declined We need all ten") < page.text.index("Lines 1")
    buyers = await Reader(await client_of(company.buyer)).open(f"/orders/{order.id}")
    assert "The supplier’s changes were declined We need all ten" in buyers.text
    await desk.send(page, "/responses")
    assert "Your changes were declined" not in (await desk.open(f"/orders/{order.id}")).text


async def test_confirming_everything_says_what_it_commits_to_first(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    desk = Reader(await client_of(supplier.order_desk))
    home = await desk.open("/")
    assert f"You confirm {order.number} as it was ordered." in home.text
    assert '<details class="ask"' in home.html
    page = await desk.open(f"/orders/{order.id}")
    assert "You commit to every line as it was ordered" in page.text


async def test_a_line_that_the_supplier_rejected_says_so(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, line(), line(description="Washer"))
    refusal = answer("CA", {"line": 2, "code": "7", "reason": "Discontinued"})
    given = await commands.respond(supplier.order_desk, order.id, refusal)
    buyer = Reader(await client_of(company.buyer))
    assert "not confirmed yet" in (await buyer.open(f"/orders/{order.id}")).text
    await commands.accept_counter_offer(company.buyer, order.id, given.response.id)
    told = (await buyer.open(f"/orders/{order.id}")).text
    assert "rejected by the supplier: Discontinued" in told
    assert "not confirmed yet" not in told


async def test_what_is_to_come_is_not_told_as_done(client_of):
    company, supplier = await trading_pair()
    buyer = await client_of(company.buyer)

    async def way(order) -> tuple[str, str]:
        html = (await buyer.get(f"/orders/{order.id}")).text
        steps = re.findall(r'stepper-step is-(\w+)".*?stepper-title">([^<]+)', html, re.DOTALL)
        brief = re.sub(r"<[^>]+>|\s+", " ", re.findall(r'class="stepper-brief"[^>]*>(.*?)</p>', html, re.DOTALL)[0])
        return " ".join(f"{title}" for _state, title in steps), " ".join(brief.split())

    waiting = await submitted_order(company, supplier)
    told = "Ordered Approval Issue Answer Despatch Receipt Invoice Invoice approval Payment"
    assert await way(waiting) == (told, "Approval 1 of 9 steps done")
    order = await accepted_order(company, supplier, line(), line())
    await received_goods(company, order, "10")
    titles, brief = await way(order)
    assert titles == "Ordered Approved Issued Answered Despatch Received Invoice Invoice approval Payment"
    assert brief == "Despatch 4 of 9 steps done, 1 in part"


async def test_an_order_that_no_rate_measures_says_so_and_an_approved_one_says_by_which_rate(connected, client_of):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier, currency="CNY")
    author = await client_of(company.requester)
    before = (await author.get(f"/orders/{order.id}")).text
    await a_rate(company.payable, "CNY", "0.125")
    approver = await client_of(company.approver)
    await approver.post(f"/api/v1/purchase-orders/{order.id}/approve")
    after = (await author.get(f"/orders/{order.id}")).text

    assert "There is no exchange rate from CNY to EUR" in before
    assert "European Central Bank" in after
    assert "18.59" in after  # 148.75 CNY
