"""By what a line's invoices are matched: what was ordered, what came, or what was accepted of it."""

import psycopg
import pytest

from portal.orders import commands as orders
from portal.orders.forms import OrderEdit
from portal.platform.convert import convert
from portal.receipts import commands as receipts
from tests.harness.deliveries import RECEIPTS, body, line_ids, received
from tests.harness.invoices import billed, delivered, submitted_invoice
from tests.harness.pages import Page, Reader
from tests.harness.world import accepted_order, draft_order, line, order_body, trading_pair

ORDERS = "/api/v1/purchase-orders"
BASES = ("two_way", "three_way", "four_way")


async def three_lines(client_of):
    """Ten of each line ordered, eight came, six were accepted and two rejected for good; all ten are billed."""
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, *(line(match_basis=basis) for basis in BASES))
    lines = await line_ids(company, order)
    came = body(*(received(each, "6", rejected="2", replacement=False) for each in lines))
    booked = await (await client_of(company.receiver)).post(RECEIPTS, json=came)
    assert booked.status_code == 201, booked.text
    return company, supplier, order, lines


async def test_each_line_is_matched_by_its_own_basis_and_the_match_says_so(client_of):
    company, supplier, order, lines = await three_lines(client_of)
    invoice = await submitted_invoice(supplier, order, *(billed(each) for each in lines))
    payable = await client_of(company.payable)

    told = (await payable.get(f"/api/v1/invoices/{invoice.id}/matching")).json()
    assert [(each["match_basis"], each["entitled"]) for each in told["lines"]] == [
        ("two_way", "10"), ("three_way", "8"), ("four_way", "6"),
    ]  # fmt: skip
    assert [(each["line"], each["kind"], each["expected"]) for each in told["exceptions"]] == [
        (2, "quantity", "8"), (3, "quantity", "6"),
    ]  # fmt: skip
    page = Page(await payable.get(f"/invoices/{invoice.id}"))
    for words in ("10 ordered (two-way)", "8 received (three-way)", "6 accepted (four-way)"):
        assert words in page.text


async def test_goods_that_come_again_count_once_in_a_three_way_match():
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(match_basis="three_way"))
    [only] = await line_ids(company, order)
    await delivered(company.receiver, order, 6, rejected={0: "4"})
    invoice = await submitted_invoice(supplier, order, billed(only, "7"))
    assert invoice.match_state == "exceptions"
    assert (await submitted_invoice(supplier, order, billed(only, "3"))).match_state == "exceptions"
    await delivered(company.receiver, order, 4)
    again = await accepted_order(company, supplier, line(match_basis="three_way"))
    [only] = await line_ids(company, again)
    await delivered(company.receiver, again, 6, rejected={0: "4"})
    await delivered(company.receiver, again, 4)
    assert (await submitted_invoice(supplier, again, billed(only, "10"))).match_state == "matched"


async def test_a_line_that_says_nothing_is_matched_as_the_company_usually_does(client_of, superuser):
    company, supplier = await trading_pair()
    requester = await client_of(company.requester)
    before = await accepted_order(company, supplier)
    draft = (await requester.post(ORDERS, json=order_body(supplier))).json()
    assert draft["lines"][0]["match_basis"] is None
    superuser.execute("update organisation set match_basis = 'two_way' where id = %s", [company.id])
    after = await accepted_order(company, supplier, line(), line(match_basis="three_way"))

    shown = [(await requester.get(f"{ORDERS}/{order.id}")).json()["lines"] for order in (before, after)]
    assert [[each["match_basis"] for each in lines] for lines in shown] == [["four_way"], ["two_way", "three_way"]]


async def test_a_basis_that_does_not_exist_is_named_at_its_line(client_of):
    company, supplier = await trading_pair()
    refused = await (await client_of(company.requester)).post(
        ORDERS, json=order_body(supplier, [line(), line(match_basis="five_way")])
    )
    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (422, ["lines.1.match_basis"])


async def test_once_issued_a_basis_never_changes(superuser, connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    for wrong in ("two_way", "five_way", None):
        with pytest.raises(psycopg.errors.CheckViolation):
            superuser.execute("update purchase_order_line set match_basis = %s where order_id = %s", [wrong, order.id])


async def test_a_draft_keeps_its_basis_when_somebody_edits_it_in_a_browser(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier, line(match_basis="two_way"))
    reader = Reader(await client_of(company.requester))
    path = f"/orders/{order.id}/edit"
    sheet = await reader.open(path)
    assert sheet.form(path).values["lines.0.match_basis"] == "two_way"
    await reader.send(sheet, path, note="Ring twice")
    client = await client_of(company.requester)
    assert (await client.get(f"{ORDERS}/{order.id}")).json()["lines"][0]["match_basis"] == "two_way"
    await orders.edit(company.requester, order.id, convert(OrderEdit, {"note": "Ring once"}))
    await reader.send(await reader.open(path), path, lines__0__match_basis="")
    assert (await client.get(f"{ORDERS}/{order.id}")).json()["lines"][0]["match_basis"] is None


async def test_a_receipt_that_no_invoice_rests_on_can_be_undone_although_all_is_billed():
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(match_basis="two_way"))
    [only] = await line_ids(company, order)
    receipt = await delivered(company.receiver, order, 4)
    await submitted_invoice(supplier, order, billed(only, "10"))
    assert (await receipts.reverse(company.receiver, receipt.id, "Counted twice")).state == "reversed"
