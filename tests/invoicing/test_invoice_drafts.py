"""A draft is the supplier's own: it can be changed and thrown away, and nobody else sees it."""

from tests.harness.invoices import billed, delivered_order, draft_invoice, lines_of
from tests.harness.world import line

INVOICES = "/api/v1/invoices"


async def test_what_an_edit_leaves_out_stays(client_of):
    _company, supplier, order = await delivered_order(line(), line(unit_price="3.00"), accepted=(10, 10))
    draft = await draft_invoice(supplier, order, issue_date="2026-11-01")
    billing = await client_of(supplier.billing)
    path = f"{INVOICES}/{draft.id}"
    first, second = await lines_of(supplier.billing, order.id)

    dated = (await billing.patch(path, json={"issue_date": "2026-11-11"})).json()
    assert (dated["due_date"], dated["number"], len(dated["lines"])) == ("2026-12-11", draft.number, 2)
    other = (await billing.patch(path, json={"lines": [billed(second, "4", "3.00"), billed(first, "1")]})).json()
    assert [(each["line"], each["quantity"]) for each in other["lines"]] == [(1, "4"), (2, "1")]
    assert other["totals"]["net"] == "24.50"
    freight = {"description": "Freight", "amount": "10.00", "tax_category": "S", "tax_rate": "7"}
    charged = (await billing.patch(path, json={"charges": [freight]})).json()
    assert (charged["totals"]["net"], charged["totals"]["tax"]) == ("34.50", "5.36")
    assert (await billing.patch(path, json={"charges": []})).json()["totals"]["net"] == "24.50"


async def test_a_thrown_away_draft_is_gone_but_for_the_log(client_of, superuser):
    _company, supplier, order = await delivered_order()
    draft = await draft_invoice(supplier, order)
    billing = await client_of(supplier.billing)
    assert (await billing.delete(f"{INVOICES}/{draft.id}")).status_code == 204
    assert (await billing.get(f"{INVOICES}/{draft.id}")).status_code == 404
    left = superuser.execute(
        "select event from audit_entry where root_id is not null and subject_id = %s order by id", [draft.id]
    ).fetchall()
    assert left == [("invoice.created",), ("invoice.discarded",)]
