"""Factories named for business situations. Each makes its own organisations, so no two tests meet."""

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from portal.access.commands import add_member, found_organisation
from portal.access.tables import Organisation, Person, Site
from portal.catalogue.tables import Item
from portal.orders import commands as orders
from portal.orders.forms import OrderForm, ResponseForm
from portal.orders.tables import PurchaseOrder
from portal.organisations.commands import approve_supplier, hold_supplier
from portal.organisations.forms import BroughtTerms, SupplierHoldForm, TermsForm
from portal.platform.actor import Actor, ApprovalLimit
from portal.platform.convert import convert
from portal.platform.ids import new_id
from tests.harness.masters import add_item

_count = itertools.count(1)
BUYING = ("requester", "buyer", "approver", "receiver", "payable", "supplier_manager", "administrator", "auditor")
SELLING = ("order_desk", "shipping", "billing", "administrator", "auditor")
LIMIT = ApprovalLimit("EUR", Decimal(1_000_000), Decimal(10_000_000))
SOON = date(2030, 5, 15)


class Organised(msgspec.Struct):
    """An organisation with one person per role: `company.buyer` is the actor who holds that role alone."""

    id: UUID
    name: str
    kind: str
    people: dict[str, Actor]

    def __getattr__(self, role: str) -> Actor:
        try:
            return self.people[role]
        except KeyError:
            raise AttributeError(role) from None

    def with_roles(self, *roles: str) -> Actor:
        """Somebody who holds several roles at once, for commands; `a_colleague` makes one who can sign in."""
        some = next(iter(self.people.values()))
        return msgspec.structs.replace(some, roles=frozenset({*roles, "anyone"}))


async def a_colleague(company: Organised, *roles: str, limit: ApprovalLimit | None = None) -> Actor:
    """One more person of the organisation, who holds several roles at once."""
    person = Person(id=new_id(), full_name=f"Colleague of {company.name}", email=f"c.{new_id().hex[-12:]}@example.test")
    await add_member(Actor.system(company.id), person, roles)
    some = next(iter(company.people.values()))
    named = {"person_id": person.id, "name": person.full_name, "email": person.email}
    return msgspec.structs.replace(some, **named, roles=frozenset({*roles, "anyone"}), limit=limit)


async def buying_company(**columns: Any) -> Organised:
    """A buyer with eight people and one site."""
    return await _organised("buyer", BUYING, **columns)


async def selling_company(**columns: Any) -> Organised:
    return await _organised("supplier", SELLING, **columns)


def agreed(**terms: Any) -> TermsForm:
    """What is not said is as usual."""
    return convert(BroughtTerms if "tolerances" in terms else TermsForm, terms)


async def trading_pair(**terms: Any) -> tuple[Organised, Organised]:
    """A buyer and a supplier approved for orders."""
    company, supplier = await buying_company(), await selling_company()
    held = {name: terms.pop(name) for name in list(terms) if name.endswith("_held_until")}
    await approve_supplier(company.supplier_manager, supplier.id, agreed(**terms))
    for name, until in held.items():
        form = convert(SupplierHoldForm, {"until": until.isoformat(), "reason": "The certificate has run out."})
        await hold_supplier(company.supplier_manager, supplier.id, name.removesuffix("_held_until"), form)
    return company, supplier


async def an_item(company: Organised, **columns: Any) -> Item:
    return await add_item(company.supplier_manager, number=f"IT-{next(_count):05d}", name="Hex bolt M8", **columns)


def line(**changes: Any) -> dict[str, Any]:
    """An order line as a client sends it."""
    return {
        "description": "Hex bolt M8 × 40, zinc plated",
        "quantity": "10",
        "unit": "C62",
        "unit_price": "12.50",
        "requested_date": SOON.isoformat(),
        "tax_category": "S",
        "tax_rate": "19",
    } | changes


def order_body(supplier: Organised, lines: Sequence[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """The body of createPurchaseOrder."""
    return {"supplier_id": str(supplier.id), "currency": "EUR", "lines": list(lines or [line()])} | changes


async def draft_order(company: Organised, supplier: Organised, *lines: dict[str, Any], **changes: Any) -> PurchaseOrder:
    form = convert(OrderForm, order_body(supplier, lines or None, **changes))
    return await orders.create(company.requester, form)


async def submitted_order(
    company: Organised, supplier: Organised, *lines: dict[str, Any], **changes: Any
) -> PurchaseOrder:
    order = await draft_order(company, supplier, *lines, **changes)
    return await orders.submit(company.requester, order.id)


async def approved_order(
    company: Organised, supplier: Organised, *lines: dict[str, Any], **changes: Any
) -> PurchaseOrder:
    order = await submitted_order(company, supplier, *lines, **changes)
    return await orders.approve(company.approver, order.id)


async def issued_order(
    company: Organised, supplier: Organised, *lines: dict[str, Any], **changes: Any
) -> PurchaseOrder:
    order = await approved_order(company, supplier, *lines, **changes)
    return await orders.issue(company.buyer, order.id)


async def accepted_order(
    company: Organised, supplier: Organised, *lines: dict[str, Any], **changes: Any
) -> PurchaseOrder:
    order = await issued_order(company, supplier, *lines, **changes)
    return (await orders.respond(supplier.order_desk, order.id, answer("AP"))).order


def answer(code: str, *lines: dict[str, Any], reason: str | None = None) -> ResponseForm:
    """A supplier's response as a client sends it."""
    return convert(ResponseForm, {"code": code, "reason": reason, "lines": list(lines) or None})


def days_after(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()


async def _organised(side: str, roles: Sequence[str], **columns: Any) -> Organised:
    number = next(_count)
    identity = new_id()
    name = f"{'Acme' if side == 'buyer' else 'Bolt'} {identity.hex[-8:]} {number}"
    facts = {
        "name": name,
        "kind": side,
        "country": "DE",
        "currency": "EUR",
        "address": {"street": "Werkstrasse 1", "city": "Berlin", "country": "DE"},
    }
    organisation = Organisation(id=identity, tolerances={}, **(facts | columns))
    site = Site(id=new_id(), name="Main works", address=facts["address"], time_zone="Europe/Berlin", is_default=True)
    await found_organisation(organisation, [site])
    people = {role: await _person(organisation, role) for role in roles}
    return Organised(identity, organisation.name, organisation.kind, people)


async def _person(organisation: Organisation, role: str) -> Actor:
    person = Person(
        id=new_id(),
        full_name=f"{role.title()} of {organisation.name}",
        email=f"{role}.{new_id().hex[-12:]}@example.test",
    )
    limit = LIMIT if role == "approver" else None
    rights = {}
    if limit is not None:
        rights = {"limit_currency": limit.currency, "limit_gross": limit.gross, "limit_cumulative": limit.cumulative}
    await add_member(Actor.system(organisation.id), person, [role], **rights)
    return Actor(
        organisation_id=organisation.id,
        organisation_kind=organisation.kind,
        organisation_name=organisation.name,
        person_id=person.id,
        name=person.full_name,
        email=person.email,
        roles=frozenset({role, "anyone"}),
        limit=limit,
    )
