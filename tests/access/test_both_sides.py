"""Nobody is buyer and supplier in one relationship, however many organisations they belong to."""

from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from portal.invoicing import commands as invoices
from portal.orders import commands as orders
from portal.organisations.commands import approve_supplier
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.refusals import Denied
from tests.harness.invoices import delivered_order, draft_invoice, invoice_body, submitted_invoice
from tests.harness.world import (
    Organised,
    answer,
    buying_company,
    issued_order,
    selling_company,
    trading_pair,
)

SAID = "You acted for the other side of this order, so somebody else must do this."


def joins(superuser: psycopg.Connection, person: UUID | None, company: Organised, roles: list[str]) -> Actor:
    """The person becomes a member of another organisation as well."""
    values = (new_id(), company.id, person, roles)
    superuser.execute("insert into membership (id, organisation_id, person_id, roles) values (%s, %s, %s, %s)", values)
    some = next(iter(company.people.values()))
    return msgspec.structs.replace(some, person_id=person, roles=frozenset({*roles, "anyone"}))


def leaves(superuser: psycopg.Connection, person: UUID | None, company: Organised) -> None:
    superuser.execute(
        "update membership set active = false where organisation_id = %s and person_id = %s", [company.id, person]
    )


async def test_a_member_of_one_side_is_not_taken_in_by_the_other(superuser, connected):
    company, supplier = await trading_pair()
    for person, other in ((supplier.order_desk, company), (company.payable, supplier)):
        with pytest.raises(psycopg.errors.CheckViolation, match="nobody acts for both sides"):
            joins(superuser, person.person_id, other, ["auditor"])


async def test_unrelated_organisations_may_share_a_person(superuser, client_of):
    company, other = await buying_company(), await selling_company()
    there = joins(superuser, company.payable.person_id, other, ["billing"])
    me = await (await client_of(there)).get("/api/v1/me")
    assert me.json()["organisation"]["id"] == str(other.id)


async def test_organisations_that_share_a_person_do_not_begin_to_trade(superuser, connected):
    company, other = await buying_company(), await selling_company()
    joins(superuser, company.payable.person_id, other, ["billing"])
    with pytest.raises(Exception, match="nobody acts for both sides"):
        await approve_supplier(company.supplier_manager, other.id)


async def test_who_left_one_side_may_join_the_other_but_not_touch_what_they_did(superuser, client_of):
    """Counter-offered as supplier; hired by the buyer since."""
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    desk = supplier.order_desk
    given = await orders.respond(desk, order.id, answer("CA", {"line": 1, "code": "3", "unit_price": "99"}))
    leaves(superuser, desk.person_id, supplier)
    changed_sides = await client_of(joins(superuser, desk.person_id, company, ["buyer"]))
    path = f"/api/v1/purchase-orders/{order.id}"

    refused = await changed_sides.post(f"{path}/responses/{given.response.id}/accept")

    assert (refused.status_code, refused.json()["detail"]) == (403, SAID)
    assert (await changed_sides.get(path)).json()["state"] == "conditionally_accepted"
    another = await issued_order(company, supplier)
    held = await changed_sides.post(f"/api/v1/purchase-orders/{another.id}/hold", json={"reason": "later"})
    assert held.status_code == 200, held.text


async def test_who_submitted_an_invoice_as_supplier_never_approves_it_as_payable(superuser, client_of):
    company, supplier, order = await delivered_order()
    invoice = await submitted_invoice(supplier, order)
    biller = supplier.billing
    leaves(superuser, biller.person_id, supplier)
    payable = joins(superuser, biller.person_id, company, ["payable"])

    with pytest.raises(Denied, match="the other side of this order"):
        await invoices.approve(payable, invoice.id)

    client = await client_of(payable)
    for verb, body in (("approve", {}), ("dispute", {"reason": "x"}), ("reject", {"reason": "x"})):
        refused = await client.post(f"/api/v1/invoices/{invoice.id}/{verb}", json=body)
        assert (refused.status_code, refused.json()["detail"]) == (403, SAID)


async def test_who_ordered_as_buyer_never_bills_as_supplier(superuser, client_of):
    company, supplier, order = await delivered_order()
    buyer = company.buyer
    leaves(superuser, buyer.person_id, company)
    client = await client_of(joins(superuser, buyer.person_id, supplier, ["billing"]))
    refused = await client.post("/api/v1/invoices", json=invoice_body(order))
    assert (refused.status_code, refused.json()["detail"]) == (403, SAID)


async def test_the_database_refuses_it_whatever_the_code_lets_pass(connected):
    company, supplier, order = await delivered_order()
    draft = await draft_invoice(supplier, order)
    changed_sides = supplier.with_roles("billing")
    stranger: dict[str, Any] = {"person_id": company.buyer.person_id}
    with pytest.raises(Exception, match="acted for the other side of this order"):
        await invoices.submit(msgspec.structs.replace(changed_sides, **stranger), draft.id)


async def test_what_somebody_did_on_an_order_is_never_unsaid(connected):
    from portal.platform.settings import settings

    with psycopg.connect(str(settings().database_url), autocommit=True) as application:
        for act in ("update duty_taken set person_id = gen_random_uuid()", "delete from duty_taken"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(act.encode())
