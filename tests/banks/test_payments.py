"""A payment goes to an approved version of the supplier's account, or it is not noted."""

from datetime import UTC, datetime

import psycopg
import pytest

from portal.invoicing import commands as invoicing
from portal.invoicing.forms import Settlement
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied, Invalid
from portal.platform.work import viewing
from tests.harness.banks import OTHER_IBAN, approval_of, approved_account, offered_account, payable_account
from tests.harness.invoices import approved_invoice
from tests.harness.world import a_colleague, accepted_order, trading_pair


async def an_invoice(company, supplier):
    from tests.harness.deliveries import despatched_goods, received_goods

    order = await accepted_order(company, supplier)
    await despatched_goods(company, supplier, order, "10")
    await received_goods(company, order, "10")
    return await approved_invoice(company, supplier, order)


def settlement(**more):
    return convert(Settlement, {"date": datetime.now(UTC).date().isoformat(), "reference": "PAY-1"} | more)


def paid_to(superuser, invoice):
    return superuser.execute("select bank_approval_id from payment where invoice_id = %s", [invoice.id]).fetchall()


async def test_a_payment_keeps_the_version_that_it_went_to(connected, superuser, clock):
    company, supplier = await trading_pair()
    approval = await payable_account(company, supplier, clock)
    invoice = await an_invoice(company, supplier)
    await invoicing.settle(company.payable, invoice.id, settlement())
    assert paid_to(superuser, invoice) == [(approval.id,)]


async def test_nothing_is_paid_while_an_account_is_unchecked_or_cools_off(connected, superuser):
    company, supplier = await trading_pair()
    invoice = await an_invoice(company, supplier)
    await offered_account(company, supplier)
    with pytest.raises(Conflict, match="No bank account"):
        await invoicing.settle(company.payable, invoice.id, settlement())
    approval = await approved_account(company, supplier, number=OTHER_IBAN, country="FR")
    with pytest.raises(Conflict, match="cools off"):
        await invoicing.settle(company.payable, invoice.id, settlement())
    with pytest.raises(Conflict):
        await invoicing.settle(company.payable, invoice.id, settlement(supplier_account_id=str(approval.id)))
    assert paid_to(superuser, invoice) == []


async def test_a_supplier_that_told_no_account_is_paid_as_before(connected, superuser):
    company, supplier = await trading_pair()
    invoice = await an_invoice(company, supplier)
    await invoicing.settle(company.payable, invoice.id, settlement())
    assert paid_to(superuser, invoice) == [(None,)]


async def test_of_several_accounts_one_is_chosen(connected, superuser, clock):
    company, supplier = await trading_pair()
    await payable_account(company, supplier, clock)
    other = await payable_account(company, supplier, clock, number=OTHER_IBAN, country="FR")
    invoice = await an_invoice(company, supplier)
    with pytest.raises(Invalid) as refused:
        await invoicing.settle(company.payable, invoice.id, settlement())
    assert [error.field for error in refused.value.errors] == ["supplier_account_id"]
    await invoicing.settle(company.payable, invoice.id, settlement(supplier_account_id=str(other.id)))
    assert paid_to(superuser, invoice) == [(other.id,)]


async def test_who_proposed_an_account_notes_no_payment_to_it(connected, clock, monkeypatch):
    company, supplier = await trading_pair()
    both = await a_colleague(company, "supplier_manager", "payable")
    monkeypatch.setitem(company.people, "supplier_manager", both)
    await payable_account(company, supplier, clock)
    invoice = await an_invoice(company, supplier)
    with pytest.raises(Denied, match="proposes a bank account"):
        await invoicing.settle(both, invoice.id, settlement())


async def test_the_database_refuses_a_payment_elsewhere(connected, superuser):
    company, supplier = await trading_pair()
    invoice = await an_invoice(company, supplier)
    approval = await offered_account(company, supplier)
    insert = (
        "insert into payment (id, buyer_id, supplier_id, shown_to, invoice_id, paid_on, reference, currency, amount, "
        "bank_approval_id, created_at) values (uuidv7(), %(b)s, %(s)s, %(s)s, %(i)s, current_date, 'x', 'EUR', 1, "
        "%(a)s, now())"
    )
    told = {"b": company.id, "s": supplier.id, "i": invoice.id}
    for account in (None, approval.id):
        with pytest.raises(psycopg.errors.CheckViolation, match="may not be paid"):
            superuser.execute(insert, told | {"a": account})
    assert (await approval_of(company, await row(supplier, approval))).state == "offered"


async def row(supplier, approval):
    from portal.banks.queries import account_row

    async with viewing(supplier.billing) as view:
        return await account_row(view, approval.bank_account_id)
