"""Bank accounts on pages: nothing typed is lost, nobody sees more than a part, and a link of a mail leads right."""

from tests.harness.banks import CALLED, offered_account, payable_account, proved
from tests.harness.deliveries import despatched_goods, received_goods
from tests.harness.invoices import approved_invoice
from tests.harness.pages import Page
from tests.harness.world import accepted_order, trading_pair


async def test_a_buyer_is_asked_for_the_code_before_anything_is_typed(client_of):
    company, supplier = await trading_pair()
    approval = await offered_account(company, supplier)
    at = f"/supplier-accounts/{approval.id}"
    told = (await (await client_of(company.payable)).get(at)).text
    assert f"/proof?next={at}" in told
    assert 'name="call_back"' not in told

    client = await client_of(proved(company.payable))
    assert 'name="call_back"' in (await client.get(at)).text
    refused = await client.post(f"{at}/propose", data={"call_back": " "})
    assert (refused.status_code, "There is a problem" in refused.text) == (422, True)
    taken = await client.post(f"{at}/propose", data={"call_back": CALLED})
    assert taken.status_code == 303
    after = Page(await client.get(at)).text
    assert "Waits for a second person" in after
    assert CALLED in after
    assert (
        CALLED not in (await (await client_of(supplier.billing)).get(f"/bank-accounts/{approval.bank_account_id}")).text
    )


async def test_the_link_of_a_mail_leads_the_supplier_to_its_own_page(client_of):
    company, supplier = await trading_pair()
    approval = await offered_account(company, supplier)
    answer = await (await client_of(supplier.billing)).get(f"/supplier-accounts/{approval.id}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/bank-accounts/{approval.bank_account_id}")


async def test_an_account_that_is_wrong_is_shown_again_as_it_was_typed(client_of):
    _company, supplier = await trading_pair()
    client = await client_of(proved(supplier.billing))
    typed = {"holder": "Bolt", "country": "DE", "currency": "EUR", "number": "DE00 1234", "bic": "NOPE"}
    answer = await client.post("/bank-accounts/new", data=typed)
    assert answer.status_code == 422
    assert "DE00 1234" in answer.text
    for said in ("This is no IBAN", "This is no BIC"):
        assert said in answer.text


async def test_a_payment_says_where_it_went_to_whom_that_concerns(client_of, clock):
    company, supplier = await trading_pair()
    await payable_account(company, supplier, clock)
    order = await accepted_order(company, supplier)
    await despatched_goods(company, supplier, order, "10")
    await received_goods(company, order, "10")
    invoice = await approved_invoice(company, supplier, order)
    client = await client_of(company.payable)
    assert "DE •••• 3000 · EUR · Bolt GmbH" in (await client.get(f"/invoices/{invoice.id}")).text
    today = (await client.get(f"/api/v1/invoices/{invoice.id}")).json()["issue_date"]
    paid = {"date": today, "reference": "PAY-7"}
    answer = await client.post(f"/api/v1/invoices/{invoice.id}/settle", json=paid)
    assert answer.status_code == 200, answer.text

    for person, sees in ((company.payable, True), (supplier.billing, True), (company.buyer, False)):
        [payment] = (await (await client_of(person)).get(f"/api/v1/invoices/{invoice.id}")).json()["payments"]
        assert payment["account"] == ("DE •••• 3000" if sees else None)
