"""A mail says enough to know what it is about: from whom, how much, which goods; and no price to who may see none."""

import re
from datetime import UTC, datetime
from string import Formatter

from portal.debits import commands as debits
from portal.invoicing import commands as invoices
from portal.messaging import commands
from portal.messaging.rules import NOTICES, RECORDS
from tests.harness.debits import proposed_debit
from tests.harness.deliveries import despatched_goods
from tests.harness.invoices import delivered_order, submitted_invoice
from tests.harness.jobs import run_jobs
from tests.harness.mail import another
from tests.harness.services import a_limit, hours, service_order, submitted_entry
from tests.harness.world import accepted_order, issued_order, line, submitted_order, trading_pair

MAILS = (commands.NOTIFY, commands.SEND)
GOODS = [line(description=f"Washer M{n}", quantity=str(n)) for n in range(1, 8)]


def text_of(mail) -> str:
    return " ".join(mail.get_body(("plain",)).get_content().split())


def rich_text_of(mail) -> str:
    return mail.get_body(("html",)).get_content()


async def test_an_approver_reads_who_wants_what_from_whom_and_for_how_much(inbox):
    company, supplier = await trading_pair()
    order = await submitted_order(company, supplier, *GOODS)
    await run_jobs(*MAILS)

    (mail,) = inbox.of(company.approver)

    said = [
        order.number,
        f"Supplier: {supplier.name}",
        f"Requested by: {company.requester.name}",
        "Total: 416.50 EUR",
        "Wanted by: 15 May 2030",
        "1 pcs Washer M1 · 12.50 EUR",
        "5 pcs Washer M5 · 62.50 EUR",
        "More lines: 2",
        f"http://portal.test/orders/{order.id}",
    ]
    assert [part for part in said if part not in text_of(mail)] == []
    assert "Washer M6" not in text_of(mail)
    assert "Washer M5" in rich_text_of(mail)
    assert "416.50" in rich_text_of(mail)


async def test_an_order_desk_reads_the_order_in_its_own_language_and_nothing_of_the_buyers_people(inbox):
    company, supplier = await trading_pair()
    chinese = await another(supplier, "order_desk", full_name="王芳", language="zh-Hans", time_zone="Asia/Shanghai")
    await issued_order(company, supplier, *GOODS[:1])
    await run_jobs(*MAILS)

    (mail,) = inbox.of(chinese)

    assert "价税合计: 14.88 EUR" in text_of(mail)
    assert "1 个 Washer M1" in text_of(mail)
    assert company.requester.name not in text_of(mail)


async def test_who_receives_goods_reads_what_comes_and_no_price(inbox):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(
        company, supplier, order, "6", carrier="Northern Freight", expected_date="2031-01-05"
    )
    await run_jobs(*MAILS)

    (mail,) = inbox.of(company.receiver)

    said = [
        advice.number,
        "Carrier: Northern Freight",
        "Expected on: 5 Jan 2031",
        "6 pcs Hex bolt M8 × 40, zinc plated",
    ]
    assert [part for part in said if part not in text_of(mail)] == []
    assert "EUR" not in text_of(mail)
    assert "12.50" not in rich_text_of(mail)


async def test_a_payable_reads_what_is_billed_and_when_it_is_due(inbox):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order, issue_date=f"{datetime.now(UTC):%Y-%m-%d}")
    await run_jobs(*MAILS)
    (mail,) = inbox.of(company.payable)
    said = [f"Supplier: {supplier.name}", f"Order: {order.number}", "Total: 148.75 EUR", "Due date:"]
    assert [part for part in said if part not in text_of(mail)] == []

    await invoices.approve(company.payable, invoice.id, "")
    await run_jobs(*MAILS)
    approved = inbox.of(supplier.billing)[-1]
    assert [
        part for part in ("Total: 148.75 EUR", "Due date:", f"Order: {order.number}") if part not in text_of(approved)
    ] == []


async def test_who_accepts_services_reads_no_amount_of_a_limit(inbox):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier, a_limit("48213"), hours("10"))
    await submitted_entry(company, supplier, order, "7391", "4")
    await run_jobs(*MAILS)

    (mail,) = inbox.of(company.receiver)
    assert "Repairs on call" in text_of(mail)
    assert "4 h Maintenance of the press" in text_of(mail)
    assert "7,391" not in text_of(mail) + rich_text_of(mail)
    assert "7,391" in text_of(inbox.of(company.requester)[-1])


async def test_a_late_delivery_is_told_by_the_number_of_its_order(inbox):
    company, supplier = await trading_pair()
    note = await proposed_debit(company, supplier)
    await run_jobs(*MAILS)
    asked = [mail["subject"] for mail in inbox.of(company.payable) if "late delivery" in mail["subject"]]
    assert [bool(re.search("of order PO-[0-9-]+: decide", subject)) for subject in asked] == [True]
    await debits.accept(company.payable, note)
    await run_jobs(*MAILS)
    (claim,) = [mail for mail in inbox.of(supplier.billing) if "claims what a delay costs: DN-" in mail["subject"]]
    assert re.search(r"A delivery of order PO-[0-9-]+ came late\.", text_of(claim))


def test_every_mail_names_nothing_but_what_is_known_of_its_record():
    known = {kind: {*shape.told, "number", "partner"} for kind, shape in RECORDS.items()}
    for code, notice in NOTICES.items():
        kinds = [kind for kind in known if code.startswith(f"{kind}.")]
        for text in (text for each in notice.sides for text in (each.subject.text, each.lead.text)):
            wanted = {name for _said, name, _spec, _as in Formatter().parse(text) if name}
            assert not kinds or wanted <= set.union(*(known[kind] for kind in kinds)), (code, text)
            assert kinds or wanted <= {"number", "partner"}, (code, text)
