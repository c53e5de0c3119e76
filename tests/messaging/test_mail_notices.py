"""Who is told of what: only those who may act on it, each in their own language and time, each once."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from portal.invoicing import commands as invoices
from portal.messaging import commands
from portal.orders import commands as orders
from portal.orders.events import OrderIssued
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.wiring import REACTIONS, Reaction
from portal.platform.work import viewing
from portal.shipments import commands as shipments
from portal.shipments.forms import DespatchForm
from tests.harness.deliveries import body, despatched, despatched_goods, line_ids
from tests.harness.invoices import delivered_order, submitted_invoice
from tests.harness.jobs import run_jobs, waiting_jobs
from tests.harness.mail import another
from tests.harness.world import (
    accepted_order,
    answer,
    approved_order,
    draft_order,
    issued_order,
    order_body,
    submitted_order,
    trading_pair,
)

MAILS = (commands.NOTIFY, commands.SEND)


def text_of(mail) -> str:
    return " ".join(mail.get_body(("plain",)).get_content().split())


async def test_an_issued_order_is_told_to_each_person_of_the_order_desk_in_their_language(inbox):
    company, supplier = await trading_pair()
    chinese = await another(supplier, "order_desk", full_name="王芳", language="zh-Hans", time_zone="Asia/Shanghai")
    order = await issued_order(company, supplier)
    await run_jobs(*MAILS)

    english = inbox.of(supplier.order_desk)
    assert [mail["Subject"] for mail in english] == [f"New order {order.number} from {company.name}"]
    assert f"http://portal.test/orders/{order.id}" in text_of(english[0])
    assert f"{company.name} sent you an order" in text_of(english[0])
    (other,) = inbox.of(chinese)
    assert order.number in other["Subject"]
    assert "订单" in other["Subject"]
    assert (other["To"].addresses[0].display_name, other["Content-Language"]) == ("王芳", "zh-Hans")
    due = order.response_due_at.astimezone(UTC) + timedelta(hours=8)
    assert f"{due:%Y-%m-%d %H:%M} UTC+8" in text_of(other)
    told = [person for person in supplier.people.values() if inbox.of(person)]
    assert told == [supplier.order_desk]
    assert [person.name for person in company.people.values() if order.number in str(inbox.of(person))] == []


async def test_an_issue_that_was_rolled_back_tells_nobody(inbox, monkeypatch):
    company, supplier = await trading_pair()
    order = await approved_order(company, supplier)
    await run_jobs(*MAILS)
    inbox.mails.clear()

    async def stumble(_change, _event) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setitem(REACTIONS, OrderIssued, [*REACTIONS[OrderIssued], Reaction(now=[stumble])])
    with pytest.raises(RuntimeError, match="in the middle"):
        await orders.issue(company.buyer, order.id)
    assert await run_jobs(*MAILS) == []
    assert inbox.mails == []


async def test_a_job_that_runs_twice_sends_one_mail(inbox):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    (told,) = [job for job in await waiting_jobs(commands.NOTIFY) if job["about"] == str(order.id)][-1:]
    actor = Actor.system(company.id)
    await commands.notify(actor, told["event"], order.id)
    await commands.notify(actor, told["event"], order.id)
    (mail,) = [job for job in await waiting_jobs(commands.SEND) if job["organisation_id"] == str(supplier.id)]
    for _time in range(2):
        await commands.send(Actor.system(supplier.id), mail["message_id"])
    await run_jobs(*MAILS)

    assert len(inbox.of(supplier.order_desk)) == 1


async def test_two_workers_with_the_same_mail_send_it_once(inbox):
    company, supplier = await trading_pair()
    await issued_order(company, supplier)
    await run_jobs(commands.NOTIFY)
    (mail,) = [job for job in await waiting_jobs(commands.SEND) if job["organisation_id"] == str(supplier.id)]
    await asyncio.gather(*(commands.send(Actor.system(supplier.id), mail["message_id"]) for _worker in range(5)))

    assert len(inbox.of(supplier.order_desk)) == 1


async def test_only_who_may_approve_this_very_order_is_asked_to(inbox):
    company, supplier = await trading_pair()
    limits = {"limit_currency": "EUR", "limit_cumulative": Decimal(10)}
    small = await another(company, "approver", limit_gross=Decimal(10), **limits)
    elsewhere = await another(
        company, "approver", limit_gross=Decimal(1000), scope={"purchasing_groups": ["other"]}, **limits
    )
    order = await submitted_order(company, supplier, purchasing_group="ours")
    await run_jobs(*MAILS)

    assert [mail["Subject"] for mail in inbox.of(company.approver)] == [f"Order {order.number} waits for your approval"]
    assert inbox.of(small) == inbox.of(elsewhere) == []
    assert len(inbox.mails) == 1


async def test_nobody_is_asked_to_approve_what_was_approved_meanwhile(inbox):
    company, supplier = await trading_pair()
    await approved_order(company, supplier)
    await run_jobs(*MAILS)
    assert inbox.of(company.approver) == []


@pytest.mark.parametrize(
    ("code", "subject"),
    [
        ("AP", "{supplier} accepted order {number}"),
        ("RE", "{supplier} rejected order {number}"),
        ("CA", "{supplier} answered order {number} with changes"),
    ],
)
async def test_an_answer_is_told_to_who_entered_and_who_issued_the_order(inbox, code, subject):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    lines = [{"line": 1, "code": "3", "quantity": "1"}] if code == "CA" else []
    await orders.respond(supplier.order_desk, order.id, answer(code, *lines, reason="Sold out"))
    await run_jobs(*MAILS)

    wanted = subject.format(supplier=supplier.name, number=order.number)
    for person in (company.requester, company.buyer):
        assert [mail["Subject"] for mail in inbox.of(person)] == [wanted]
    assert inbox.of(company.payable) == []
    assert ("Reason: Sold out" in text_of(inbox.of(company.buyer)[0])) == (code == "RE")


@pytest.mark.parametrize(("decide", "word"), [("accept", "accepted"), ("decline", "declined")])
async def test_the_decision_on_a_counter_offer_is_told_to_the_order_desk(inbox, decide, word):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    offer = await orders.respond(supplier.order_desk, order.id, answer("CA", {"line": 1, "code": "3", "quantity": "1"}))
    act = {"accept": orders.accept_counter_offer, "decline": orders.decline_counter_offer}[decide]
    await act(company.buyer, order.id, offer.response.id)
    await run_jobs(*MAILS)

    assert inbox.of(supplier.order_desk)[-1]["Subject"] == f"Your changes to order {order.number} were {word}"


async def test_a_returned_order_is_told_to_its_author_with_the_reason(inbox):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier)
    await orders.return_to_author(company.approver, order.id, "Split it, please")
    await run_jobs(*MAILS)

    (mail,) = inbox.of(company.requester)
    assert mail["Subject"] == f"Order {order.number} was returned to you"
    assert "Split it, please" in text_of(mail)


async def test_the_supplier_hears_nothing_of_what_was_never_issued(inbox):
    company, supplier = await trading_pair()
    draft = await draft_order(company, supplier)
    await orders.cancel(company.buyer, draft.id, "Not needed")
    await run_jobs(*MAILS)
    assert [person.name for person in supplier.people.values() if inbox.of(person)] == []


async def test_what_happened_long_ago_is_told_to_nobody(inbox, clock):
    company, supplier = await trading_pair()
    await clock(datetime.now(UTC) - timedelta(days=30))
    await issued_order(company, supplier)
    await clock(None)
    await run_jobs(*MAILS)
    assert inbox.mails == []


async def test_links_lead_to_the_public_address_whatever_host_a_request_names(inbox, client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)
    headers = {"host": "evil.test", "x-forwarded-host": "evil.test"}
    created = await client.post("/api/v1/purchase-orders", json=order_body(supplier), headers=headers)
    await client.post(f"/api/v1/purchase-orders/{created.json()['id']}/submit", headers=headers)
    await run_jobs(*MAILS)

    (mail,) = inbox.of(company.approver)
    assert "http://portal.test/orders/" in text_of(mail)
    assert "evil" not in mail.as_string()


async def test_each_side_sees_the_mails_to_its_own_people_alone(inbox):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    await run_jobs(*MAILS)
    for side, people in ((company, company.people), (supplier, supplier.people)):
        async with viewing(Actor.system(side.id)) as view:
            rows = await view.fetch("select person_id, state from mail_message")
        assert rows
        assert {row["person_id"] for row in rows} <= {person.person_id for person in people.values()}
        assert {row["state"] for row in rows} == {"sent"}
    assert order.number in str(inbox.mails[0]["Subject"])


async def test_goods_on_their_way_are_told_to_who_receives_and_an_invoice_to_who_pays(inbox):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    more = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, more)
    await run_jobs(*MAILS)

    assert f"{supplier.name} despatched goods: {advice.number}" in subjects(inbox, company.receiver)
    assert f"New invoice {invoice.number} from {supplier.name}" in subjects(inbox, company.payable)
    assert [s for s in subjects(inbox, company.requester) if "invoice" in s or "despatched" in s] == []


async def test_goods_of_three_orders_that_leave_together_are_one_mail_that_names_them_all(inbox):
    company, supplier = await trading_pair()
    three = [await accepted_order(company, supplier) for _order in range(3)]
    lines = [despatched(line_id) for order in three for line_id in await line_ids(company, order)]
    advice = await shipments.create(supplier.shipping, convert(DespatchForm, body(*lines)))
    await shipments.despatch(supplier.shipping, advice.id)
    told = [job for job in await waiting_jobs(commands.NOTIFY) if job["about"] == str(advice.id)]
    of_one_act = Actor.system(supplier.id)
    await asyncio.gather(*(commands.notify(of_one_act, job["event"], advice.id) for job in told))
    assert [done for done in await run_jobs(*MAILS) if done.error] == []

    (mail,) = [each for each in inbox.of(company.receiver) if advice.number in each["Subject"]]
    assert f"Orders: {', '.join(order.number for order in three)}" in text_of(mail)


async def test_the_decision_on_an_invoice_is_told_to_billing(inbox):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    await invoices.dispute(company.payable, invoice.id, "Wrong price")
    await run_jobs(*MAILS)

    (mail,) = inbox.of(supplier.billing)
    assert mail["Subject"] == f"Invoice {invoice.number} is disputed"
    assert "Wrong price" in text_of(mail)
    assert inbox.of(supplier.shipping) == []


def subjects(inbox, person: Actor) -> list[str]:
    return [mail["Subject"] for mail in inbox.of(person)]
