"""What goes on one document together: one place, one set of payment terms; and days that can be meant."""

from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from portal.invoicing import commands
from portal.organisations.commands import agree_terms, offer_terms
from portal.organisations.forms import Agreement, PaymentTermForm
from portal.platform.convert import convert
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict
from tests.harness.deliveries import ADVICES, RECEIPTS, body, despatched, line_ids, received
from tests.harness.invoices import delivered_order, draft_invoice, invoice_body
from tests.harness.world import accepted_order, trading_pair


def another_site(superuser, company) -> UUID:
    site = new_id()
    told = [site, company.id, "Annex", Jsonb({"city": "Kiel", "country": "DE"})]
    superuser.execute("insert into site (id, organisation_id, name, address) values (%s, %s, %s, %s)", told)
    return site


async def test_a_despatch_advice_goes_to_one_place(client_of):
    company, supplier = await trading_pair()
    first = await accepted_order(company, supplier)
    second = await accepted_order(company, supplier, ship_to={"name": "Works 2", "city": "Hamburg", "country": "DE"})
    [here], [there] = await line_ids(company, first), await line_ids(company, second)
    clerk = await client_of(supplier.shipping)
    refused = await clerk.post(ADVICES, json=body(despatched(here, "1"), despatched(there, "1")))
    assert refused.status_code == 422, refused.text
    [error] = refused.json()["errors"]
    assert error["field"] == "lines.1.order_line_id"
    assert "goes to another place" in error["message"]


async def test_a_goods_receipt_is_of_one_site(client_of, superuser):
    company, supplier = await trading_pair()
    first = await accepted_order(company, supplier)
    second = await accepted_order(company, supplier, site_id=str(another_site(superuser, company)))
    [here], [there] = await line_ids(company, first), await line_ids(company, second)
    receiver = await client_of(company.receiver)
    refused = await receiver.post(RECEIPTS, json=body(received(here, "1"), received(there, "1")))
    assert refused.status_code == 422, refused.text
    assert [error["field"] for error in refused.json()["errors"]] == ["lines.1.order_line_id"]


async def test_an_invoice_of_a_delivery_has_one_set_of_payment_terms(client_of):
    company, supplier = await trading_pair()
    first = await accepted_order(company, supplier)
    term = await offer_terms(company.supplier_manager, convert(PaymentTermForm, {"name": "Later", "days": 90}))
    await agree_terms(company.supplier_manager, supplier.id, Agreement(payment_term_id=term.id))
    second = await accepted_order(company, supplier)
    [one], [other] = await line_ids(company, first), await line_ids(company, second)
    clerk, billing = await client_of(supplier.shipping), await client_of(supplier.billing)
    advice = (await clerk.post(ADVICES, json=body(despatched(one, "1"), despatched(other, "1")))).json()
    assert (await clerk.post(f"{ADVICES}/{advice['id']}/despatch")).status_code == 200
    refused = await billing.post("/api/v1/invoices", json=invoice_body(despatch_advice_id=advice["id"]))
    assert (refused.status_code, "different payment terms" in refused.text) == (409, True)


async def test_a_cash_discount_is_no_gift_of_everything(client_of):
    company, _supplier = await trading_pair()
    manager = await client_of(company.supplier_manager)
    for percent, status in (("100", 422), ("10.0001", 422), ("0", 422), ("10", 201)):
        said = {"name": f"Less {percent}", "days": 30, "steps": [{"days": 10, "percent": percent}]}
        answer = await manager.post("/api/v1/payment-terms", json=said)
        assert answer.status_code == status, percent
        if status == 422:
            assert [error["field"] for error in answer.json()["errors"]] == ["steps.0.percent"]


@pytest.mark.parametrize("day", ["1990-01-01", "2090-01-01"])
async def test_an_invoice_is_sent_with_a_day_that_can_be_meant(connected, day):
    _company, supplier, order = await delivered_order()
    draft = await draft_invoice(supplier, order, issue_date=day)
    with pytest.raises(Conflict, match="Correct its date"):
        await commands.submit(supplier.billing, draft.id)
