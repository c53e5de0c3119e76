"""A supplier flips an order to an invoice; the payable approves what matches."""

from tests.harness.invoices import delivered_order, invoice_body
from tests.harness.world import line

INVOICES = "/api/v1/invoices"


async def test_an_order_becomes_an_approved_invoice_without_a_line_typed(client_of, superuser):
    company, supplier, order = await delivered_order(
        line(), line(unit_price="0.3333", quantity="7", tax_rate="7"), accepted=(10, 7)
    )
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)

    created = await billing.post(INVOICES, json=invoice_body(order, issue_date="2026-11-02"))
    assert created.status_code == 201, created.text
    draft = created.json()
    path = f"{INVOICES}/{draft['id']}"
    assert (draft["state"], draft["match_state"], draft["status_code"]) == ("draft", "unmatched", None)
    assert draft["totals"] == {"net": "127.33", "tax": "23.91", "gross": "151.24"}
    assert draft["due_date"] == "2026-12-02"
    assert (await payable.get(path)).status_code == 404

    submitted = await billing.post(f"{path}/submit")
    assert submitted.status_code == 200, submitted.text
    assert (submitted.json()["state"], submitted.json()["match_state"]) == ("submitted", "matched")
    assert submitted.json()["payment"]["owner"] == "payable"

    approved = await payable.post(f"{path}/approve")
    assert approved.status_code == 200, approved.text
    assert approved.json()["status_code"] == "AP"
    assert approved.json()["payment"] == {"date": "2026-12-02", "blocker": None, "owner": None}
    seen = (await billing.get(f"/api/v1/purchase-orders/{order.id}")).json()
    assert seen["invoice_status"] == "complete"
    assert [each["invoiced"] for each in seen["lines"]] == ["10", "7"]

    settled = await payable.post(f"{path}/settle", json={"date": "2026-12-01", "reference": "SEPA 7"})
    assert settled.json()["status_code"] == "PD"
    assert settled.json()["payment"]["date"] == "2026-12-01"
    happened = superuser.execute(
        "select event from audit_entry where root_id = %s and subject_kind = 'invoice' order by id", [order.id]
    ).fetchall()
    assert [event for (event,) in happened] == [
        "invoice.created",
        "invoice.submitted",
        "invoice.matched",
        "invoice.approved",
        "invoice.settled",
    ]
