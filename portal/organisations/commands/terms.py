"""Payment terms that a buyer offers, and agreeing on them with a supplier."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from portal.organisations.events import PaymentTermOffered, PaymentTermRetired, PaymentTermsAgreed
from portal.organisations.forms import Agreement, PaymentTermForm
from portal.organisations.queries import payment_term
from portal.organisations.tables import PaymentTerm, TradingRelationship
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError, Invalid, NotFound
from portal.platform.work import changing


async def offer_terms(actor: Actor, form: PaymentTermForm) -> PaymentTerm:
    """Offer payment terms to agree on. They never change afterwards; others get another name."""
    said: Any = msgspec.to_builtins(form)
    term = PaymentTerm(id=new_id(), organisation_id=actor.organisation_id, created_by=actor.person_id, **said)
    try:
        async with changing(actor) as change:
            change.require("payment-terms:offer")
            term.created_at = change.now
            change.record(PaymentTermOffered(term.id), change.add(term))
    except asyncpg.UniqueViolationError as error:
        if getattr(error, "constraint_name", "") != "payment_term_organisation_id_name_key":
            raise
        message = _("There are terms of this name already. They never change: choose another name.")
        raise Conflict(message, errors=[FieldError("name", message)]) from error
    return term


async def retire_terms(actor: Actor, term_id: UUID) -> PaymentTerm:
    """Offer them no more; who agreed on them keeps them."""
    async with changing(actor, PaymentTerm, term_id) as (change, term):
        change.require("payment-terms:offer")
        if term.retired:
            raise Conflict(_("These terms are retired already."))
        term.retired = True
        change.write(term)
        change.record(PaymentTermRetired(term.id), term)
    return term


async def agree_terms(actor: Actor, supplier_id: UUID, form: Agreement) -> TradingRelationship:
    """Agree on offered terms with a supplier; orders that are written from now on take them over."""
    async with changing(actor) as change:
        change.require("payment-terms:agree")
        found = await change.rows(
            TradingRelationship, "buyer_id = $1 and supplier_id = $2", actor.organisation_id, supplier_id
        )
        if not found:
            raise NotFound()
        term = await payment_term(change, form.payment_term_id)
        if term is None:
            raise Invalid.field("payment_term_id", _("Choose one of the terms that your company offers."))
        if term.retired:
            raise Conflict(_("These terms are retired. Choose others."))
        relationship = found[0]
        relationship.terms = {name: getattr(term, name) for name in ("name", "base", "month_end", "days", "steps")}
        relationship.payment_days, relationship.payment_terms = term.days, term.name
        change.write(relationship)
        change.record(PaymentTermsAgreed(supplier_id, term.name), relationship)
    return relationship
