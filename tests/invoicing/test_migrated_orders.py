"""What another system counted is paid once somebody says so who did not bring it."""

import json

import msgspec
import pytest

from portal.invoicing import commands
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict
from tests.harness.invoices import billed, delivered, lines_of, submitted_invoice
from tests.harness.pages import Page
from tests.harness.world import accepted_order, line, trading_pair


@pytest.fixture
async def migrated(superuser, connected):
    """An order of ten pieces that an administrator brought from another system, which says that six came."""
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    run = new_id()
    superuser.execute(
        "insert into file_import (id, organisation_id, name, kind, state, mapping, mapping_name, trial, leave_out, "
        "created_by, created_at, started_by) values (%s, %s, 'Old', 'orders', 'imported', '{}', '', false, false, "
        "%s, now(), %s)",
        [run, company.id, company.administrator.person_id, company.administrator.person_id],
    )
    brought(superuser, order, run)
    superuser.execute("update purchase_order_line set received = 6, accepted = 6 where order_id = %s", [order.id])
    return company, supplier, order


def brought(superuser, order, run):
    """As if this import had made the order."""
    superuser.execute("set session_replication_role = replica")
    superuser.execute("update purchase_order set source = %s where id = %s", [json.dumps({"run": str(run)}), order.id])
    superuser.execute("reset session_replication_role")


async def bill(supplier, order, quantity):
    (goods,) = await lines_of(supplier.billing, order.id)
    return await submitted_invoice(supplier, order, billed(goods, quantity))


async def test_what_another_system_counted_is_a_finding_that_is_accepted_with_a_reason(client_of, migrated, superuser):
    company, supplier, order = migrated
    invoice = await bill(supplier, order, "6")
    payable = await client_of(company.payable)
    [found] = (await payable.get(f"/api/v1/invoices/{invoice.id}/matching")).json()["exceptions"]
    assert (found["kind"], found["expected"], found["actual"], found["owner_role"]) == ("migrated", "0", "6", "payable")
    page = Page(await payable.get(f"/invoices/{invoice.id}"))
    assert "Quantities taken over from another system" in page.text

    assert (await payable.post(f"/api/v1/invoices/{invoice.id}/approve")).status_code == 409
    approved = await commands.approve(company.payable, invoice.id, "The old system has no invoice of it.")
    assert (approved.state, approved.match_state) == ("approved", "resolved")
    fact = "select matched_first_time from invoice_fact where invoice_id = %s"
    assert superuser.execute(fact, [invoice.id]).fetchall() == [(True,)], "it is no mistake of the supplier's"


async def test_what_came_since_is_matched_as_ever(migrated):
    company, supplier, order = migrated
    await delivered(company.receiver, order, 4)
    assert (await bill(supplier, order, "4")).match_state == "matched"
    assert (await bill(supplier, order, "6")).match_state == "exceptions"


async def test_whoever_brought_it_does_not_accept_it(migrated):
    company, supplier, order = migrated
    invoice = await bill(supplier, order, "6")
    both = msgspec.structs.replace(company.administrator, roles=frozenset({"payable", "anyone"}))
    with pytest.raises(Conflict, match="somebody else accepts"):
        await commands.approve(both, invoice.id, "Fine.")


async def test_charges_of_a_migrated_order_have_nothing_that_could_be_counted(superuser, connected):
    company, supplier = await trading_pair()
    freight = line(kind="charge", quantity="1", unit_price="40", description="Freight")
    order = await accepted_order(company, supplier, line(), freight)
    brought(superuser, order, new_id())
    _goods, charge = await lines_of(supplier.billing, order.id)
    assert (await submitted_invoice(supplier, order, billed(charge, "1", "40"))).match_state == "matched"
