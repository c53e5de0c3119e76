"""An invoice that was paid in part before it was written, and whose rest is rounded: what is due is paid, no more."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import msgspec
import pytest

from portal.documents import pressroom
from portal.invoicing import commands
from portal.invoicing.tables import Invoice
from portal.platform.actor import ApprovalLimit
from portal.platform.einvoice import checking
from tests.harness.invoices import TODAY, delivered, delivered_order, draft_invoice, invoice_body, submitted_invoice
from tests.harness.pages import Page
from tests.harness.received import INVOICES, brought, e_traders, edited
from tests.harness.world import accepted_order, line, trading_pair

PAID = {"prepaid": "100.00", "prepaid_reference": "2026-11-03, TRF-4711", "rounding": "0.25"}
FOUND = {"reason": "We paid it with TRF-4711."}


@pytest.fixture(scope="module", autouse=True)
def checker() -> Iterator[None]:
    yield
    checking.close()
    pressroom.close()


async def sent(**said: Any):
    """An invoice of 148.75 EUR, of which 100.00 was paid before: 49.00 is due."""
    company, supplier, order = await delivered_order()
    return company, supplier, order, await submitted_invoice(supplier, order, **PAID | said)


async def approved(client: httpx.AsyncClient, invoice: Invoice) -> dict[str, Any]:
    return (await client.post(f"{INVOICES}/{invoice.id}/approve", json=FOUND)).json()


async def test_the_amount_due_is_paid_and_the_invoice_is_paid(client_of):
    company, supplier, _order, invoice = await sent()
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    told = (await billing.get(f"{INVOICES}/{invoice.id}")).json()
    assert told["totals"] == {
        "net": "125.00",
        "tax": "23.75",
        "gross": "148.75",
        "prepaid": "100.00",
        "rounding": "0.25",
        "due": "49.00",
    }
    assert told["prepaid_reference"] == PAID["prepaid_reference"]
    done = await approved(payable, invoice)
    assert (done["state"], done["left"], done["paid"]) == ("approved", "49.00", "0.00")
    [pair] = (await payable.get("/api/v1/open-items")).json()["pairs"]
    assert pair["not_settled"] == "49.00"
    path = f"{INVOICES}/{invoice.id}/settle"
    too_much = await payable.post(path, json={"date": TODAY, "reference": "T-1", "amount": "49.01"})
    assert (too_much.status_code, too_much.json()["errors"][0]["field"]) == (422, "amount")
    paid = (await payable.post(path, json={"date": TODAY, "reference": "T-1"})).json()
    assert (paid["state"], paid["left"], paid["payments"][0]["amount"]) == ("settled", "0.00", "49.00")
    assert (await payable.get("/api/v1/open-items")).json()["pairs"] == []


async def test_somebody_looks_for_the_payment_before_it_is_approved(client_of):
    company, _supplier, _order, invoice = await sent()
    payable = await client_of(company.payable)
    match = (await payable.get(f"{INVOICES}/{invoice.id}/matching")).json()
    [found] = match["exceptions"]
    assert [found[name] for name in ("kind", "expected", "actual", "owner_role")] == [
        "prepaid",
        "0",
        "100.00",
        "payable",
    ]
    assert (await payable.post(f"{INVOICES}/{invoice.id}/approve")).status_code == 409
    page = Page(await payable.get(f"/invoices/{invoice.id}")).text
    assert "An amount that is said to be paid already" in page
    assert PAID["prepaid_reference"] in page
    assert (await approved(payable, invoice))["match_state"] == "resolved"


async def test_rounding_is_nobodys_finding(client_of):
    company, _supplier, _order, invoice = await sent(prepaid="0", prepaid_reference="", rounding="-0.75")
    assert (invoice.match_state, invoice.due) == ("matched", Decimal("148.00"))
    done = await commands.approve(company.payable, invoice.id)
    assert (done.state, done.gross) == ("approved", Decimal("148.75"))


async def test_what_was_paid_before_altogether_needs_no_payment(client_of):
    company, supplier, _order, invoice = await sent(prepaid="148.75", rounding="0")
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    done = await approved(payable, invoice)
    assert (done["state"], done["left"], done["payments"]) == ("settled", "0.00", [])
    assert done["settlement_reference"] == PAID["prepaid_reference"]
    page = Page(await billing.get(f"/invoices/{invoice.id}")).text
    assert "Nothing was left to be paid" in page
    assert (await payable.get("/api/v1/open-items")).json()["pairs"] == []


async def test_all_that_is_wrong_with_them_is_told_at_once(client_of):
    _company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)

    async def refused(**said: str) -> set[str]:
        answer = await billing.post(INVOICES, json=invoice_body(order, **said))
        assert answer.status_code == 422, answer.text
        return {each["field"] for each in answer.json()["errors"]}

    assert await refused(prepaid="-1", rounding="1") == {"prepaid", "rounding"}
    assert await refused(prepaid="1.001", rounding="-1.00") == {"prepaid", "rounding"}
    assert await refused(prepaid="148.76") == {"prepaid"}
    assert await refused(prepaid="148.75", rounding="-0.01") == {"rounding"}
    assert await refused(prepaid_reference="TRF-1") == {"prepaid"}


async def test_yen_have_no_rounding(client_of):
    company, supplier = await trading_pair()
    company.people["approver"] = msgspec.structs.replace(company.approver, limit=ApprovalLimit("JPY", None, None))
    order = await accepted_order(company, supplier, line(unit_price="1250"), currency="JPY")
    await delivered(company.receiver, order, 10)
    billing = await client_of(supplier.billing)
    answer = await billing.post(INVOICES, json=invoice_body(order, prepaid="10.50", rounding="0.50"))
    assert {each["field"] for each in answer.json()["errors"]} == {"prepaid", "rounding"}
    assert (await billing.post(INVOICES, json=invoice_body(order, prepaid="10"))).status_code == 201
    form = Page(await billing.get(f"/orders/{order.id}/invoice")).form("/invoice")
    assert ("prepaid" in form.values, "rounding" in form.values) == (True, False)


async def test_the_page_says_and_keeps_the_same(client_of):
    _company, supplier, order = await delivered_order()
    billing = await client_of(supplier.billing)
    path = f"/orders/{order.id}/invoice"
    values = Page(await billing.get(path)).form("/invoice").values | {"number": "R-1"} | PAID
    reckoned = Page(await billing.post(path, data=values | {"act": "totals"})).text
    assert "To be paid49.00 EUR" in reckoned
    wrong = Page(await billing.post(path, data=values | {"act": "draft", "prepaid": "200", "rounding": "7"}))
    kept = wrong.form("/invoice").values
    assert (wrong.status, kept["prepaid"], kept["rounding"]) == (422, "200", "7")
    saved = await billing.post(path, data=values | {"act": "draft"})
    at = saved.headers["location"].partition("?")[0]
    assert "100.00" in Page(await billing.get(at)).text
    form = Page(await billing.get(f"{at}/edit")).form("/edit").values
    assert {name: form[name] for name in PAID} == PAID
    await billing.post(f"{at}/edit", data=form | {"act": "draft", **dict.fromkeys(PAID, "")})
    told = (await billing.get(f"/api/v1{at}")).json()
    assert (told["totals"]["prepaid"], told["totals"]["due"], told["prepaid_reference"]) == ("0.00", "148.75", "")


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
async def test_the_documents_say_it_and_come_back_as_the_same_draft(client_of, syntax):
    company, supplier = await e_traders()
    billing = await client_of(supplier.billing)
    order = await accepted_order(company, supplier)
    await delivered(company.receiver, order, 10)
    invoice = await submitted_invoice(supplier, order, **PAID)
    file = (await billing.get(f"{INVOICES}/{invoice.id}/document.xml", params={"syntax": syntax})).content
    assert await checking.findings(file) == []
    before = (await billing.get(f"{INVOICES}/{invoice.id}")).json()
    await commands.reject(company.payable, invoice.id, "Send it by your own system.")
    told = (await brought(billing, file)).json()
    assert (told["state"], told["totals"]) == ("draft", before["totals"])
    kept = (await billing.get(f"{INVOICES}/{told['id']}/received")).json()
    assert [each["term"] for each in kept["differences"]] == ["BG-1"]  # the reference stands in a note


async def test_what_no_invoice_here_says_is_told_beside_the_draft(client_of):
    company, supplier = await e_traders()
    billing = await client_of(supplier.billing)
    order = await accepted_order(company, supplier)
    await delivered(company.receiver, order, 10)
    invoice = await submitted_invoice(supplier, order, **PAID)
    file = (await billing.get(f"{INVOICES}/{invoice.id}/document.xml")).content
    await commands.reject(company.payable, invoice.id, "Send it by your own system.")
    far = edited(file, (">0.25<", ">3.25<"), (">49.00<", ">52.00<"))
    told = (await brought(billing, far)).json()
    assert (told["totals"]["rounding"], told["totals"]["due"]) == ("0.00", "48.75")
    kept = (await billing.get(f"{INVOICES}/{told['id']}/received")).json()
    assert {"BT-114", "BT-115"} <= {each["term"] for each in kept["differences"]}


async def test_the_database_refuses_a_due_amount_below_nothing(superuser):
    _company, supplier, order = await delivered_order()
    draft = await draft_invoice(supplier, order, **PAID)
    for wrong in ("prepaid = gross + 1", "rounding = 1", "prepaid = -1", "prepaid = gross, rounding = -0.5"):
        with pytest.raises(Exception, match="violates check constraint"):
            superuser.execute(f"update invoice set {wrong} where id = %s", [draft.id])
        superuser.rollback() if not superuser.autocommit else None


async def credited(
    billing: httpx.AsyncClient, payable: httpx.AsyncClient, invoice: Invoice, **said: Any
) -> dict[str, Any]:
    """A credit note that the buyer agreed to."""
    told = {"invoice_id": str(invoice.id), "issue_date": TODAY, "reason": "Came too late."}
    note = (await billing.post("/api/v1/credit-notes", json=told | said)).json()
    await billing.post(f"/api/v1/credit-notes/{note['id']}/submit")
    return (await payable.post(f"/api/v1/credit-notes/{note['id']}/approve")).json()


async def test_whoever_credits_the_last_of_it_gives_back_its_rounding_and_owes_the_advance(client_of, superuser):
    company, supplier, _order, invoice = await sent()
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    await approved(payable, invoice)
    [line] = (await billing.get(f"{INVOICES}/{invoice.id}")).json()["lines"]
    goods = {"kind": "goods", "lines": [{"invoice_line_id": line["id"], "quantity": "2"}]}
    first = await credited(billing, payable, invoice, number="C-1", **goods)
    assert first["totals"] == {"net": "25.00", "tax": "4.75", "gross": "29.75", "rounding": "0.00", "due": "29.75"}
    assert (await payable.get(f"{INVOICES}/{invoice.id}")).json()["left"] == "19.25"
    last = await credited(billing, payable, invoice, number="C-2", kind="whole")
    assert (last["totals"]["gross"], last["totals"]["rounding"], last["totals"]["due"]) == ("119.00", "0.25", "119.25")
    assert (last["set_off"], last["left"]) == ("19.25", "100.00")
    assert (await payable.get(f"{INVOICES}/{invoice.id}")).json()["state"] == "settled"
    for syntax in ("ubl", "cii"):
        path = f"/api/v1/credit-notes/{last['id']}/document.xml"
        file = (await billing.get(path, params={"syntax": syntax})).content
        assert (b">0.25<" in file, b">119.25<" in file) == (True, True)
    wrong = "select (select count(*) from portal.netted_otherwise) + (select count(*) from portal.settled_otherwise)"
    assert superuser.execute(wrong).fetchone() == (0,)


async def test_the_advance_of_an_invoice_that_is_credited_whole_is_the_suppliers_debt(client_of):
    company, supplier, _order, invoice = await sent()
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    await approved(payable, invoice)
    note = await credited(billing, payable, invoice, number="C-1", kind="whole")
    assert [note["totals"]["due"], note["set_off"], note["left"]] == ["149.00", "49.00", "100.00"]
    [pair] = (await payable.get("/api/v1/open-items")).json()["pairs"]
    assert pair["not_settled"] == "-100.00"
    page = Page(await payable.get(f"/credit-notes/{note['id']}")).text
    assert ("Rounding0.25 EUR" in page, "Given back149.00 EUR" in page) == (True, True)


async def test_of_two_drafts_the_one_that_is_sent_last_knows_that_it_is_the_last(client_of):
    company, supplier, _order, invoice = await sent()
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    await approved(payable, invoice)
    [line] = (await billing.get(f"{INVOICES}/{invoice.id}")).json()["lines"]
    drafts = []
    for number, quantity in (("C-1", "8"), ("C-2", "2")):
        said = {"invoice_id": str(invoice.id), "number": number, "issue_date": TODAY, "reason": "Sent back"}
        lines = [{"invoice_line_id": line["id"], "quantity": quantity}]
        made = await billing.post("/api/v1/credit-notes", json=said | {"kind": "goods", "lines": lines})
        assert (made.status_code, made.json()["totals"]["rounding"]) == (201, "0.00"), made.text
        drafts.append(made.json()["id"])

    assert (await billing.post(f"/api/v1/credit-notes/{drafts[0]}/submit")).status_code == 200
    refused = await billing.post(f"/api/v1/credit-notes/{drafts[1]}/submit")
    assert (refused.status_code, "write it anew" in refused.json()["detail"]) == (409, True)


async def test_a_credit_note_that_is_settled_first_takes_no_more_off_than_the_invoice_asks_for(client_of, superuser):
    company, supplier, _order, invoice = await sent()
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    note = await credited(billing, payable, invoice, number="C-1", kind="whole")
    settled = await payable.post(
        f"/api/v1/credit-notes/{note['id']}/settle", json={"date": TODAY, "reference": "Paid back"}
    )
    assert (settled.json()["state"], settled.json()["set_off"]) == ("settled", "49.00")
    await approved(payable, invoice)

    assert (await payable.get(f"{INVOICES}/{invoice.id}")).json()["state"] == "settled"
    [pair] = (await payable.get("/api/v1/open-items")).json()["pairs"]
    assert (pair["not_settled"], pair["not_invoiced"]) == ("0.00", "125.00")
    assert superuser.execute("select count(*) from portal.settled_otherwise").fetchone() == (0,)
