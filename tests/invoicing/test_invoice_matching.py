"""The match of submitted invoices: what differs, for whom, and when it is gone."""

import pytest

from portal.invoicing import commands
from portal.invoicing.queries import snapshot_of_invoice
from portal.platform.refusals import Conflict
from portal.platform.work import viewing
from tests.harness.invoices import (
    billed,
    delivered,
    delivered_order,
    draft_invoice,
    lines_of,
    submitted_invoice,
)
from tests.harness.jobs import run_jobs
from tests.harness.world import a_colleague, accepted_order, line, trading_pair

INVOICES = "/api/v1/invoices"


async def matching(client, invoice) -> dict:
    answer = await client.get(f"{INVOICES}/{invoice.id}/matching")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_all_differences_are_told_at_once_with_who_has_to_look(client_of):
    company, supplier, order = await delivered_order(line(), line(), accepted=(4, 10))
    first, second = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(
        supplier,
        order,
        billed(first, "10", "13.00"),
        billed(second, tax_rate="7"),
        charges=[{"description": "Handling", "amount": "15.00", "tax_category": "S", "tax_rate": "19"}],
    )
    found = await matching(await client_of(company.payable), invoice)
    assert found["state"] == "exceptions"
    assert [(e["line"], e["kind"], e["expected"], e["actual"], e["owner_role"]) for e in found["exceptions"]] == [
        (1, "price", "12.50", "13.00", "buyer"),
        (1, "quantity", "4", "10", "payable"),
        (2, "tax", "S 19", "S 7", "payable"),
        (None, "charge", "0", "15.00", "buyer"),
    ]
    assert [each["differs"] for each in found["lines"]] == [["price", "quantity"], ["tax"]]
    side_by_side = found["lines"][0]
    assert {
        name: side_by_side[name] for name in ("ordered", "received", "accepted", "invoiced_before", "quantity")
    } == {
        "ordered": "10",
        "received": "4",
        "accepted": "4",
        "invoiced_before": "0",
        "quantity": "10",
    }


@pytest.mark.parametrize(
    ("price", "expected"),
    [("12.75", "matched"), ("12.25", "matched"), ("12.76", "exceptions"), ("12.24", "exceptions")],
)
async def test_a_price_within_two_percent_matches_on_either_side(price, expected):
    _company, supplier, order = await delivered_order(tolerances={"invoice_price": {"percent": "2"}})
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "10", price))
    assert invoice.match_state == expected


async def test_prices_within_tolerance_may_be_limited_together():
    company, supplier, order = await delivered_order(
        tolerances={"invoice_price": {"percent": "2"}, "invoice_total": {"absolute": "2.00"}}
    )
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "10", "12.75"))
    assert invoice.match_state == "exceptions"
    async with viewing(company.payable) as view:
        (found,) = await view.fetch(
            "select kind, expected, actual from match_exception where invoice_id = $1", invoice.id
        )
    assert tuple(found) == ("total", "125.00", "127.50")


async def test_an_allowance_is_the_suppliers_gift_and_no_difference():
    _company, supplier, order = await delivered_order()
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, allowance="5.00"))
    assert (str(invoice.net), invoice.match_state) == ("120.00", "matched")


async def test_the_supplier_reads_the_blocker_but_not_the_buyers_tolerance_or_reasons(client_of, superuser):
    company, supplier, order = await delivered_order(tolerances={"invoice_price": {"percent": "2"}})
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "10", "14.00"))
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)

    assert (await matching(payable, invoice))["exceptions"][0]["tolerance"]["percent"] == "2"
    assert (await matching(billing, invoice))["exceptions"][0]["tolerance"] is None
    waiting = (await billing.get(f"{INVOICES}/{invoice.id}")).json()
    assert waiting["status_code"] == "IP"
    assert "price" in waiting["payment"]["blocker"]

    (found,) = (await matching(payable, invoice))["exceptions"]
    buyer = await client_of(company.buyer)
    said = {"reason": "They paid our lunch"}
    accepted = await buyer.post(f"{INVOICES}/{invoice.id}/exceptions/{found['id']}/accept", json=said)
    assert accepted.status_code == 200, accepted.text
    assert (await matching(payable, invoice))["exceptions"][0]["resolution_reason"] == "They paid our lunch"
    found = (await matching(billing, invoice))["exceptions"][0]
    assert (found["resolution"], found["resolution_reason"]) == ("accepted", None)
    shared = superuser.execute(
        "select string_agg(body::text, '') from audit_entry where root_id = %s and %s in (owner_id, shown_to)",
        [order.id, supplier.id],
    ).fetchone()
    assert "lunch" not in shared[0]
    assert "tolerance" not in shared[0]


async def test_goods_that_come_later_clear_the_difference_and_the_first_invoice_goes_first():
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(quantity="20"))
    (key,) = await lines_of(supplier.billing, order.id)
    first = await submitted_invoice(supplier, order, billed(key, "10"))
    second = await submitted_invoice(supplier, order, billed(key, "10"))
    assert (first.match_state, second.match_state) == ("exceptions", "exceptions")

    await delivered(company.receiver, order, 10)
    assert (await commands.rematch(company.payable, first.id)).match_state == "matched"
    assert (await commands.rematch(company.payable, second.id)).match_state == "exceptions"
    assert (await commands.approve(company.payable, first.id)).state == "approved"
    with pytest.raises(Conflict):
        await commands.approve(company.payable, second.id)


async def test_a_tolerance_withdrawn_after_the_match_stops_the_approval(superuser):
    company, supplier, order = await delivered_order(tolerances={"invoice_price": {"percent": "5"}})
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "10", "13.00"))
    assert invoice.match_state == "matched"
    superuser.execute("update trading_relationship set tolerances = '{}' where supplier_id = %s", [supplier.id])
    with pytest.raises(Conflict) as refused:
        await commands.approve(company.payable, invoice.id)
    assert [error.field for error in refused.value.errors] == ["lines.0"]
    both = await a_colleague(company, "buyer", "payable")
    approved = await commands.approve(both, invoice.id, "Agreed before we became strict")
    assert (approved.state, approved.match_state) == ("approved", "resolved")


async def test_goods_booked_late_match_the_invoice_by_themselves():
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "10"))
    assert invoice.match_state == "exceptions"
    await delivered(company.receiver, order, 10)
    assert [done.error for done in await run_jobs("invoicing.rematch")][-1] is None
    assert (await commands.approve(company.payable, invoice.id)).match_state == "matched"


async def test_matching_again_without_news_by_the_system_leaves_no_trace(superuser):
    company, supplier, order = await delivered_order(accepted=(4,))
    (key,) = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(key, "10"))
    count = "select count(*) from audit_entry where subject_id = %s"
    before = superuser.execute(count, [invoice.id]).fetchone()
    await commands.rematch(company.buyer.system(company.id), invoice.id)
    assert superuser.execute(count, [invoice.id]).fetchone() == before
    await delivered(company.receiver, order, 6)
    assert (await commands.rematch(company.buyer.system(company.id), invoice.id)).match_state == "matched"
    assert superuser.execute(count, [invoice.id]).fetchone() == (before[0] + 1,)


async def test_the_event_for_scorecards_counts_differences_line_by_line(superuser):
    _company, supplier, order = await delivered_order(line(), line(), accepted=(4, 10))
    first, second = await lines_of(supplier.billing, order.id)
    invoice = await submitted_invoice(supplier, order, billed(first, "10", "13.00"), billed(second))
    (data,) = superuser.execute(
        "select body -> 'data' from audit_entry where event = 'invoice.matched' and subject_id = %s", [invoice.id]
    ).fetchone()
    assert data["matched"] is False
    assert [(each["order_line_id"], each["exceptions"]) for each in data["lines"]] == [
        (str(first), 2),
        (str(second), 0),
    ]


async def test_the_snapshot_is_what_was_submitted_and_a_draft_has_none():
    company, supplier, order = await delivered_order()
    draft = await draft_invoice(supplier, order, issue_date="2026-11-02")
    async with viewing(supplier.billing) as view:
        with pytest.raises(Conflict):
            await snapshot_of_invoice(view, draft.id)
    await commands.submit(supplier.billing, draft.id)
    async with viewing(company.payable) as view:
        kept = await snapshot_of_invoice(view, draft.id)
    assert kept["invoice"]["number"] == draft.number
    assert kept["invoice"]["order_number"] == order.number
    assert kept["invoice"]["due_date"] == "2026-12-02"
    assert kept["totals"]["breakdown"] == [{"category": "S", "rate": "19", "base": "125.00", "tax": "23.75"}]
    assert (kept["buyer"]["name"], kept["supplier"]["name"]) == (company.name, supplier.name)
    assert kept["lines"][0]["order_number"] == order.number
