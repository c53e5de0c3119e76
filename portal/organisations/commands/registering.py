"""Suppliers by hand: a company that is new here, what is said of one, and its first person."""

from typing import Any
from uuid import UUID

from portal.access.commands import found_hosted, invite_first, say_of_hosted
from portal.organisations.commands.trading import begin, relation_of, require_free_number
from portal.organisations.events import SupplierEdited, SupplierInvited
from portal.organisations.forms import FirstPersonForm, SupplierForm, TermsForm
from portal.organisations.queries import alike, registered_as
from portal.organisations.tables import TradingRelationship
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError
from portal.platform.work import Change, changing
from portal.platform.work.change import expect_version

KEPT_THERE = _("This supplier keeps its own data by now, or works with others too. Only what is agreed can be edited.")


async def add_supplier(actor: Actor, form: SupplierForm) -> TradingRelationship:
    """A company that is new here, whose data the buyer keeps until somebody of the supplier does."""
    async with changing(actor) as change:
        change.require("suppliers:edit")
        await _require_new(change, form)
        supplier = await found_hosted(change, form.company())
        return await begin(change, supplier.id, form.name, form)


async def edit_supplier(actor: Actor, supplier_id: UUID, form: SupplierForm) -> TradingRelationship:
    """Say something else of a supplier that does not keep its own data yet, and of what is agreed with it."""
    async with changing(actor) as change:
        change.require("suppliers:edit")
        relationship = await _opened(change, supplier_id)
        if not await change.value("select portal.hosts($1)", supplier_id):
            raise Conflict(KEPT_THERE, subject_id=supplier_id)
        await _require_new(change, form, supplier_id)
        await say_of_hosted(change, supplier_id, form.company())
        relationship.supplier_name = form.name
        _agree(relationship, form)
        change.write(relationship)
        change.record(SupplierEdited(supplier_id), relationship)
    return relationship


async def edit_terms(actor: Actor, supplier_id: UUID, form: TermsForm) -> TradingRelationship:
    """Agree on something else with a supplier; orders that are written from here on take it over."""
    async with changing(actor) as change:
        change.require("suppliers:edit")
        relationship = await _opened(change, supplier_id)
        if form.supplier_number:
            await require_free_number(change, form.supplier_number, supplier_id)
        _agree(relationship, form)
        change.write(relationship)
        change.record(SupplierEdited(supplier_id), relationship)
    return relationship


async def invite_supplier(actor: Actor, supplier_id: UUID, form: FirstPersonForm) -> None:
    """Ask the first person of a supplier by mail to act for it; they invite their colleagues themselves. Whoever was
    asked already gets the mail once more."""
    async with changing(actor) as change:
        change.require("suppliers:edit")
        relationship, _version = await relation_of(change, supplier_id)
        if not await change.value("select portal.hosts($1)", supplier_id):
            raise Conflict(_("People act for this supplier already, and invite their colleagues themselves."))
        invitation = await invite_first(change, supplier_id, form.email, form.full_name or "")
        change.record(SupplierInvited(supplier_id, invitation.id), relationship)


async def _opened(change: Change, supplier_id: UUID) -> TradingRelationship:
    relationship, version = await relation_of(change, supplier_id)
    expect_version(change.actor, relationship, version)
    return relationship


def _agree(relationship: TradingRelationship, form: TermsForm) -> None:
    """What was agreed on; days to pay are those of agreed payment terms, where there are any."""
    agreed = form.agreed() | {"supplier_number": form.supplier_number or ""}
    if relationship.terms and agreed.get("payment_days", relationship.payment_days) != relationship.payment_days:
        message = _("“{name}” are agreed on. Agree on other payment terms on the supplier’s page.",
                    name=relationship.payment_terms)  # fmt: skip
        raise Conflict(message, errors=[FieldError("payment_days", message)])
    for name, value in agreed.items():
        setattr(relationship, name, value)


async def _require_new(change: Change, form: SupplierForm, present: UUID | None = None) -> None:
    """A supplier's number is its own, and so are the numbers that registers gave it; a name is asked about, once."""
    errors: list[FieldError] = []
    for name in ("vat_number", "gln", "registration_number"):
        number = getattr(form, name)
        if number and (said := await _known(change, number, present)):
            errors.append(FieldError(name, said))
    for other in await alike(change, form.name, form.supplier_number or "", present):
        if other["supplier_number"] and other["supplier_number"] == form.supplier_number:
            said = _("{supplier} has this number already.", supplier=other["supplier_name"])
            errors.append(FieldError("supplier_number", said))
        if not form.another and other["supplier_name"].lower() == form.name.lower():
            said = _("You have a supplier of this name already. Is it another one? Then say so below.")
            errors.append(FieldError("name", said))
    if errors:
        raise Conflict(errors[0].message, errors=errors)


async def _known(change: Change, number: str, present: UUID | None) -> Any:
    """Who has this number: a supplier of one's own, or somebody here of whom nothing else is told."""
    own = await change.one(_OWN, change.actor.organisation_id, number, present)
    if own is not None:
        return _("You trade with {supplier} already, which has this number.", supplier=own["supplier_name"])
    if (await registered_as(change, number)) is None:
        return None
    return _("A company with this number keeps its own data here. Add it by its number alone.")


_OWN = """
select r.supplier_name from trading_relationship r join organisation o on o.id = r.supplier_id
where r.buyer_id = $1 and o.id is distinct from $3::uuid and portal.number_key($2) <> '' and portal.number_key($2)
  in (portal.number_key(o.vat_number), portal.number_key(o.gln),
    case when o.country = 'CN' then portal.number_key(o.registration_number) end) limit 1
"""
