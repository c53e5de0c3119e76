"""Payment terms that count from what happens, and rates of exchange that documents keep."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from portal.invoicing import commands as invoicing
from portal.organisations import commands
from portal.organisations.commands import approve_supplier
from portal.organisations.forms import Agreement, PaymentTermForm, RateForm
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied, Invalid
from tests.harness.days import today
from tests.harness.invoices import approved_invoice, delivered, submitted_invoice
from tests.harness.jobs import run_jobs
from tests.harness.world import accepted_order, agreed, buying_company, draft_order, selling_company, trading_pair

TODAY = today()
STEP = {"days": 14, "percent": "2"}


@pytest.fixture(autouse=True)
async def noon_of_today(clock):
    """No midnight passes while a story is told, here or in Berlin."""
    await clock(datetime.combine(TODAY, time(12), UTC))


async def agreed_pair(**terms):
    """A buyer and a supplier who agreed on these terms."""
    company, supplier = await trading_pair()
    form = convert(PaymentTermForm, {"name": "Our terms", "days": 30} | terms)
    term = await commands.offer_terms(company.supplier_manager, form)
    await commands.agree_terms(company.supplier_manager, supplier.id, Agreement(payment_term_id=term.id))
    return company, supplier


async def keeping_books_in(buyers: str, suppliers: str):
    """A pair whose own currencies are these; they trade in euros."""
    company, supplier = await buying_company(currency=buyers), await selling_company(currency=suppliers)
    await approve_supplier(company.supplier_manager, supplier.id, agreed(currency="EUR"))
    return company, supplier


async def test_terms_are_offered_agreed_and_kept_by_the_order(client_of):
    company, supplier = await trading_pair()
    manager = await client_of(company.supplier_manager)
    body = {"name": "30 days after goods, 2 % in 14", "base": "goods_receipt", "days": 30, "steps": [STEP]}
    offered = await manager.post("/api/v1/payment-terms", json=body)
    assert offered.status_code == 201, offered.text
    term = offered.json()
    agreed = await manager.put(f"/api/v1/suppliers/{supplier.id}/payment-terms", json={"payment_term_id": term["id"]})
    assert (agreed.status_code, agreed.json()["payment_terms"]) == (200, body["name"])
    assert (await manager.post("/api/v1/payment-terms", json=body)).status_code == 409

    order = await accepted_order(company, supplier)
    assert order.terms["base"] == "goods_receipt"
    assert (await manager.post(f"/api/v1/payment-terms/{term['id']}/retire")).json()["retired"] is True
    with pytest.raises(Conflict, match="retired"):
        await commands.agree_terms(
            company.supplier_manager, supplier.id, convert(Agreement, {"payment_term_id": term["id"]})
        )


async def test_an_invoice_that_comes_before_the_goods_is_due_once_they_came(client_of):
    company, supplier = await agreed_pair(base="goods_receipt", steps=[STEP])
    order = await accepted_order(company, supplier)
    invoice = await submitted_invoice(supplier, order)
    seller = await client_of(supplier.billing)
    path = f"/api/v1/invoices/{invoice.id}"
    told = (await seller.get(path)).json()
    assert (told["base_date"], told["due_reason"]) == (None, "30 days after the goods were received")
    assert told["discounts"] == [{"percent": "2", "days": 14, "until": None, "amount": "145.77"}]

    await delivered(company.receiver, order, "10")
    await run_jobs("invoicing.rematch")
    told = (await seller.get(path)).json()
    assert told["base_date"] == TODAY.isoformat()
    assert told["payable_on"] == (TODAY + timedelta(days=30)).isoformat()
    assert told["discounts"][0]["until"] == (TODAY + timedelta(days=14)).isoformat()


async def test_goods_that_are_awaited_are_named_as_what_the_payment_waits_for(client_of):
    company, supplier = await agreed_pair(base="goods_receipt")
    order = await accepted_order(company, supplier)
    invoice = await submitted_invoice(supplier, order)
    approved = await invoicing.approve(company.payable, invoice.id, "Paid in advance by agreement.")
    assert (approved.base_date, approved.terms_due) == (None, None)
    told = (await (await client_of(supplier.billing)).get(f"/api/v1/invoices/{invoice.id}")).json()
    assert told["payment"] == {
        "date": None,
        "blocker": "It is due as soon as all its goods came: 30 days after the goods were received.",
        "owner": "receiver",
    }


async def test_days_count_from_the_end_of_the_month():
    company, supplier = await agreed_pair(base="invoice", month_end=True, days=10)
    order = await accepted_order(company, supplier)
    invoice = await submitted_invoice(supplier, order, issue_date="2026-01-05")
    assert invoice.terms_due == date(2026, 2, 10)


async def test_rates_are_kept_with_day_and_source_and_never_change(client_of):
    company, supplier = await keeping_books_in("USD", "EUR")
    payable = await client_of(company.payable)
    body = {"rates": [{"currency": "EUR", "valid_on": "2026-01-02", "rate": "1.0925", "source": "ECB"}]}
    entered = await payable.post("/api/v1/exchange-rates", json=body)
    assert entered.status_code == 201, entered.text
    order = await accepted_order(company, supplier, currency="EUR")
    assert (order.own_currency, order.exchange_rate, order.exchange_source) == ("USD", Decimal("1.0925"), "ECB")
    await delivered(company.receiver, order, "10")
    invoice = await submitted_invoice(supplier, order)

    body["rates"][0]["rate"] = "0.5"
    assert (await payable.post("/api/v1/exchange-rates", json=body)).status_code == 201
    told = (await payable.get(f"/api/v1/invoices/{invoice.id}")).json()
    assert told["exchange"] == {
        "currency": "USD", "rate": "1.0925", "date": "2026-01-02", "source": "ECB", "amount": "162.51",
    }  # fmt: skip
    seller = await client_of(supplier.billing)
    assert (await seller.get(f"/api/v1/invoices/{invoice.id}")).json()["exchange"] is None


async def test_the_suppliers_own_rate_gives_the_tax_in_its_accounting_currency():
    company, supplier = await keeping_books_in("EUR", "CHF")
    rate = convert(RateForm, {"currency": "EUR", "valid_on": "2026-01-02", "rate": "0.9", "source": "Bundesbank"})
    await commands.enter_rates(supplier.billing, [rate])
    order = await accepted_order(company, supplier)
    await delivered(company.receiver, order, "10")
    invoice = await approved_invoice(company, supplier, order)
    assert (invoice.tax, invoice.tax_currency, invoice.tax_accounting) == (
        Decimal("23.75"), "CHF", Decimal("21.38"),
    )  # fmt: skip


async def test_rates_are_entered_by_who_may_in_foreign_currencies_only():
    company, _supplier = await trading_pair()
    own = convert(RateForm, {"currency": "EUR", "valid_on": "2026-01-02", "rate": "1", "source": "x"})
    with pytest.raises(Invalid):
        await commands.enter_rates(company.payable, [own])
    foreign = convert(RateForm, {"currency": "USD", "valid_on": "2026-01-02", "rate": "1", "source": "x"})
    with pytest.raises(Denied):
        await commands.enter_rates(company.requester, [foreign])


async def at_once(act):
    """What those of four were told who did not win; nothing but a conflict."""
    told = await asyncio.gather(*(act() for _each in range(4)), return_exceptions=True)
    lost = [each for each in told if isinstance(each, BaseException)]
    assert all(isinstance(each, Conflict) for each in lost), lost
    return lost


async def test_two_rates_of_one_day_at_once_are_told_as_such(superuser):
    """Both looked and found none; the second is told by whom it was overtaken."""
    company, _supplier = await keeping_books_in("USD", "EUR")
    rate = convert(RateForm, {"currency": "EUR", "valid_on": "2026-01-02", "rate": "1.09", "source": "ECB"})
    terms = convert(PaymentTermForm, {"name": "Net", "days": 30})
    rates = await at_once(lambda: commands.enter_rates(company.payable, [rate]))
    assert all("entered a rate of that day just now" in str(each) for each in rates), rates
    offers = await at_once(lambda: commands.offer_terms(company.supplier_manager, terms))
    assert len(offers) == 3
    assert all("terms of this name" in str(each) for each in offers), offers
    [(count,)] = superuser.execute(
        "select count(*) from exchange_rate where organisation_id = %s", [company.id]
    ).fetchall()
    assert count == 1


async def test_an_old_rate_is_warned_of_before_an_order_keeps_it(client_of):
    company, supplier = await trading_pair()
    payable = await client_of(company.payable)
    old = {"currency": "USD", "valid_on": (TODAY - timedelta(days=9)).isoformat(), "rate": "0.9", "source": "ECB"}
    assert (await payable.post("/api/v1/exchange-rates", json={"rates": [old]})).status_code == 201
    order = await draft_order(company, supplier, currency="USD")
    buyer = await client_of(company.buyer)
    warning = "This document would keep it"
    assert warning in (await buyer.get(f"/orders/{order.id}")).text
    assert (await payable.post("/exchange-rates/settings", data={"rate_days": "0"})).status_code == 422
    assert (await payable.post("/exchange-rates/settings", data={"rate_days": "10"})).status_code == 303
    assert 'value="10"' in (await payable.get("/exchange-rates")).text
    assert warning not in (await buyer.get(f"/orders/{order.id}")).text
