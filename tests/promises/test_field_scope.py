"""Prices, internal notes and bank details: whose role does not see them meets them in no page, answer, file or mail.

Every address of the portal is asked by every role, on both sides, in every form that it answers in; what a role may not
see is marked in the records by words and figures that stand nowhere else.
"""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pymupdf
import pytest

from portal.access.policy import POLICY
from portal.alerts.queries import alerts
from portal.banks.commands import tell_own
from portal.invoicing import commands as invoicing
from portal.invoicing.forms import Settlement
from portal.orders import commands as orders
from portal.platform.context import set_clock
from portal.platform.convert import convert
from portal.platform.guarded import FIELDS
from portal.platform.work import viewing
from tests.harness.banks import OTHER_IBAN, approved_account, own_account, proved
from tests.harness.changes import added, changed, to
from tests.harness.contracts import offered_contract
from tests.harness.credits import sent_credit
from tests.harness.debits import accepted_debit
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.invoices import submitted_invoice
from tests.harness.jobs import run_jobs
from tests.harness.mail import inbox, server
from tests.harness.masters import set_price
from tests.harness.reorders import kept_template
from tests.harness.routes import Route, address, routes
from tests.harness.services import hours, service_order, submitted_entry
from tests.harness.statements import sent_statement
from tests.harness.world import BUYING, SELLING, Organised, accepted_order, an_item, issued_order, line, trading_pair

__all__ = ["inbox", "server"]
PRICE, DIGITS = "7771.23", "777123"
NOTE, HOLDER, MASKED, INSIDE = "Zebrafinch says no", "Numbat Holding SARL", "•••• 2606", "005050001"
_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_BETWEEN = re.compile(r"(?<=\d)[.,'’\u00a0\u202f\u2009 ](?=\d)")


class World(NamedTuple):
    """One company and one supplier with every kind of record that says a price, a note or an account."""

    company: Organised
    supplier: Organised
    ids: dict[str, UUID]
    numbers: list[str]


class Mark(NamedTuple):
    """What gives a guarded field away, and the permission that it takes; None: nobody may meet it anywhere."""

    permission: str | None
    found: Callable[[str], bool]


MARKS = {
    "a price": Mark("prices:read", lambda text: DIGITS in _BETWEEN.sub("", _ID.sub("", text))),
    "an internal note": Mark("internal-notes:read", lambda text: NOTE in text),
    "an account’s holder": Mark("bank-accounts:read", lambda text: HOLDER in text),
    "an account’s last digits": Mark("bank-accounts:read", lambda text: MASKED in text),
    "a full number": Mark(None, lambda text: OTHER_IBAN in text or INSIDE in text),
}


def test_every_permission_of_a_guarded_field_is_marked_here():
    named = {permission for guarded in FIELDS.values() for permission in guarded}
    assert named == {mark.permission for mark in MARKS.values() if mark.permission}


@pytest.fixture(scope="module")
async def world(connected: None) -> World:
    company, supplier = await trading_pair()
    item = await an_item(company)
    goods = line(unit_price=PRICE, item_id=str(item.id))
    set_clock(datetime.now(UTC) - timedelta(days=8))
    approval = await approved_account(company, supplier, number=OTHER_IBAN, country="FR", holder=HOLDER)
    set_clock(None)
    await set_price(company.supplier_manager, item=item, supplier_id=supplier.id, unit_price=PRICE)
    order = await accepted_order(company, supplier, goods, internal_note=NOTE)
    advice = await despatched_goods(company, supplier, order, "10")
    receipt = await received_goods(company, order, "10", advice=advice)
    invoice = await submitted_invoice(supplier, order)
    await invoicing.approve(company.payable, invoice.id)
    paid = {"date": datetime.now(UTC).date().isoformat(), "reference": "PAY-1", "amount": "100.00"}
    await invoicing.settle(company.payable, invoice.id, convert(Settlement, paid))
    hourly = hours("10", unit_price=PRICE)
    service = await submitted_entry(company, supplier, await service_order(company, supplier, hourly), "4")
    contract = await offered_contract(company, supplier, item=item, price=PRICE, internal_note=NOTE)
    waiting = await issued_order(company, supplier, goods, internal_note=NOTE)
    price, more = to(unit_price=PRICE.replace("1.", "0.")), added(line(unit_price=PRICE))
    change = await orders.propose(company.buyer, order.id, changed(price, more))
    sides = {"item_id": item.id, "supplier_id": supplier.id, "buyer_id": company.id, "organisation_id": company.id}
    ids = {
        "order_id": order.id,
        "change_id": change.asked.id,
        "advice_id": advice.id,
        "receipt_id": receipt.id,
        "invoice_id": invoice.id,
        "service_entry_id": service.id,
        "contract_id": contract.id,
        "template_id": (await kept_template(company, supplier, "Again", shared=True)).id,
        "credit_id": (await sent_credit(supplier, invoice)).id,
        "statement_id": (await sent_statement(company, supplier)).id,
        **sides,
        "approval_id": approval.id,
        "bank_account_id": approval.bank_account_id,
    }
    named = (order, waiting, advice, invoice, service, contract, item)
    numbers = [*(each.number for each in named), supplier.name]
    return World(company, supplier, ids | await _watched(company, supplier, order.id), numbers)


async def _watched(company: Organised, supplier: Organised, order_id: UUID) -> dict[str, UUID]:
    """Parts of the order and of its log, files that were asked for, an alert of the supplier's account, and a claim."""
    claimed = await accepted_debit(company, supplier, price=PRICE)
    await tell_own(proved(company.payable), own_account(OTHER_IBAN))
    await run_jobs("documents.render", "alerts.check-account", "alerts.check-shared")
    async with viewing(company.auditor) as view:
        return {
            "debit_note_id": claimed,
            "line_id": await view.value("select id from purchase_order_line where order_id = $1", order_id),
            "entry_id": await view.value("select id from audit_entry where root_id = $1 limit 1", order_id),
            "alert_id": (await alerts(view)).rows[0].id,
        }


def read(answer: Any) -> str:
    """All that an answer says, whatever it is made of."""
    kind = answer.headers.get("content-type", "")
    if answer.content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            return " ".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    if "pdf" in kind:
        with pymupdf.open(stream=answer.content) as pdf:
            return " ".join(str(page.get_text()) for page in pdf)
    return answer.text


def asked(route: Route, world: World) -> list[str]:
    """The address, and of lists and of the search each number that leads to a record."""
    path = address(route, world.ids)
    if "{" in route.path or route.path not in ("/search", "/orders", "/invoices", "/api/v1/purchase-orders"):
        return [path]
    return [path, *(f"{path}?query={number}" for number in world.numbers)]


@pytest.mark.parametrize("role", [*BUYING, *(f"supplier {role}" for role in SELLING)])
async def test_a_role_meets_no_field_that_it_may_not_see(app, world, client_of, role):
    side, name = (world.supplier, role.split()[1]) if role.startswith("supplier ") else (world.company, role)
    actor = side.people[name]
    client = await client_of(actor)
    kept = {what: mark for what, mark in MARKS.items() if not holds(actor, mark)}
    leaks, seen = [], 0
    for route in routes(app):
        for path in asked(route, world) if route.method == "GET" else ():
            answer = await client.get(path)
            if answer.status_code == 202:
                await run_jobs("documents.render")
                answer = await client.get(path)
            text = read(answer)
            seen += answer.status_code == 200
            leaks += [(path, what) for what, mark in kept.items() if mark.found(text)]
    assert leaks == []
    assert seen > 30


def holds(actor: Any, mark: Mark) -> bool:
    return mark.permission is not None and bool(POLICY.decide(actor.roles, actor.organisation_kind, mark.permission))


async def test_the_marks_are_met_by_who_may_see_them(app, world, client_of):
    """Without this the walk above would prove nothing."""
    found: set[str] = set()
    for actor in (world.company.payable, world.company.requester):
        client = await client_of(actor)
        for route in routes(app):
            text = read(await client.get(address(route, world.ids))) if route.method == "GET" else ""
            found |= {what for what, mark in MARKS.items() if mark.found(text)}
    assert found == MARKS.keys() - {"a full number"}


async def test_a_mail_says_no_field_that_its_reader_may_not_see(inbox):
    company, supplier = await trading_pair()
    goods = line(unit_price=PRICE)
    order = await accepted_order(company, supplier, goods, internal_note=NOTE)
    await despatched_goods(company, supplier, order, "10")
    await received_goods(company, order, "10")
    invoice = await submitted_invoice(supplier, order)
    await invoicing.approve(company.payable, invoice.id)
    await approved_account(company, supplier, number=OTHER_IBAN, country="FR", holder=HOLDER)
    await run_jobs("messaging.notify", "messaging.send")
    leaks = []
    for actor in (*company.people.values(), *supplier.people.values()):
        for mail in inbox.of(actor):
            said = mail["Subject"] + " ".join(part.get_content() for part in mail.walk() if not part.is_multipart())
            kept = {what: mark for what, mark in MARKS.items() if not holds(actor, mark)}
            leaks += [(actor.name, mail["Subject"], what) for what, mark in kept.items() if mark.found(said)]
    assert leaks == []
    assert inbox.mails
