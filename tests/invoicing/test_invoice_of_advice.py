"""A supplier flips a despatch advice to an invoice, also one that carries goods of several orders."""

import msgspec

from portal.platform.actor import ApprovalLimit
from portal.platform.convert import convert
from portal.shipments import commands as shipments
from portal.shipments.forms import DespatchForm
from tests.harness.deliveries import body, despatched, despatched_goods, drafted_advice, received_goods
from tests.harness.invoices import billed, invoice_body, lines_of
from tests.harness.world import accepted_order, line, trading_pair

INVOICES = "/api/v1/invoices"


def of(advice) -> dict:
    return invoice_body(despatch_advice_id=str(advice.id))


async def together(supplier, *orders):
    """One despatch advice over the first lines of several orders, ten each."""
    lines = [despatched((await lines_of(supplier.billing, order.id))[0]) for order in orders]
    advice = await shipments.create(supplier.shipping, convert(DespatchForm, body(*lines)))
    return await shipments.despatch(supplier.shipping, advice.id)


async def test_what_a_despatch_advice_says_is_billed_before_it_arrives(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line(quantity="5"))
    advice = await despatched_goods(company, supplier, order, "6")
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)

    draft = (await billing.post(INVOICES, json=of(advice))).json()
    assert (draft["despatch_advice_id"], [each["quantity"] for each in draft["lines"]]) == (str(advice.id), ["6"])
    path = f"{INVOICES}/{draft['id']}"
    assert (await billing.post(f"{path}/submit")).json()["match_state"] == "exceptions"
    assert (await billing.post(INVOICES, json=of(advice))).status_code == 409

    await received_goods(company, order, "6", advice=advice)
    assert (await payable.post(f"{path}/match")).json()["match_state"] == "matched"
    assert (await payable.post(f"{path}/approve")).json()["state"] == "approved"


async def test_what_was_rejected_on_arrival_is_not_billed(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    advice = await despatched_goods(company, supplier, order)
    receiver, billing = await client_of(company.receiver), await client_of(supplier.billing)
    (key,) = await lines_of(supplier.billing, order.id)
    came = {"order_line_id": str(key), "accepted": "7", "rejected": "3", "reason": "Bent"}
    await receiver.post("/api/v1/goods-receipts", json={"despatch_advice_id": str(advice.id), "lines": [came]})
    draft = (await billing.post(INVOICES, json=of(advice))).json()
    assert [each["quantity"] for each in draft["lines"]] == ["7"]


async def test_one_invoice_bills_the_orders_of_one_delivery(client_of, superuser):
    company, supplier = await trading_pair()
    first, second = [await accepted_order(company, supplier, line(unit_price=price)) for price in ("2.00", "3.00")]
    advice = await together(supplier, first, second)
    await received_goods(company, first, "10")
    await received_goods(company, second, "10")
    billing, payable = await client_of(supplier.billing), await client_of(company.payable)

    draft = (await billing.post(INVOICES, json=of(advice))).json()
    assert [order["number"] for order in draft["orders"]] == [first.number, second.number]
    assert draft["totals"]["net"] == "50.00"
    path = f"{INVOICES}/{draft['id']}"
    assert (await billing.post(f"{path}/submit")).json()["match_state"] == "matched"
    assert (await payable.post(f"{path}/approve")).json()["state"] == "approved"
    for order in (first, second):
        told = superuser.execute(
            "select event from audit_entry where root_id = %s and subject_id = %s order by id", [order.id, draft["id"]]
        ).fetchall()
        assert [event for (event,) in told] == [
            "invoice.created",
            "invoice.submitted",
            "invoice.matched",
            "invoice.approved",
        ]
        seen = (await payable.get(INVOICES, params={"order_id": str(order.id)})).json()["items"]
        assert [each["id"] for each in seen] == [draft["id"]]


async def test_named_lines_must_be_of_the_delivery(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier, line(), line())
    advice = await despatched_goods(company, supplier, order, "6")
    first, second = await lines_of(supplier.billing, order.id)
    billing = await client_of(supplier.billing)
    taken = await billing.post(INVOICES, json=of(advice) | {"lines": [billed(first, "5")]})
    assert taken.status_code == 201, taken.text
    refused = await billing.post(INVOICES, json=of(advice) | {"lines": [billed(second, "5")]})
    assert refused.json()["errors"][0]["field"] == "lines.0.order_line_id"


async def test_a_delivery_that_was_not_sent_or_is_not_yours_is_no_invoice(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    draft = await drafted_advice(company, supplier, order)
    _other, rival = await trading_pair()
    assert (await (await client_of(supplier.billing)).post(INVOICES, json=of(draft))).status_code == 409
    assert (await (await client_of(rival.billing)).post(INVOICES, json=of(draft))).status_code == 404


async def test_orders_in_two_currencies_are_two_invoices(client_of):
    company, supplier = await trading_pair()
    company.people["approver"] = msgspec.structs.replace(company.approver, limit=ApprovalLimit("EUR", None, None))
    euros = await accepted_order(company, supplier)
    francs = await accepted_order(company, supplier, currency="CHF")
    advice = await together(supplier, euros, francs)
    refused = await (await client_of(supplier.billing)).post(INVOICES, json=of(advice))
    assert refused.status_code == 409
