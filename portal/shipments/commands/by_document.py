"""A despatch that a supplier's own system tells: what its document says, done as the page does it."""

import asyncio

from portal.access.guards import require
from portal.platform.actor import Actor
from portal.platform.convert import Problems, convert
from portal.platform.einvoice.incoming import received
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.shipments import queries
from portal.shipments.commands.draft import create
from portal.shipments.forms import DespatchForm
from portal.shipments.rules.despatching import despatch_in, number_of
from portal.shipments.rules.ubl import DESPATCH_ADVICE, Advice
from portal.shipments.tables import DespatchAdvice


async def despatch_by_document(actor: Actor, xml: bytes) -> DespatchAdvice:
    """Make and send a despatch advice by a UBL DespatchAdvice: the goods have left.

    A missing quantity that the document does not declare outstanding will never come (Peppol T16).
    """
    require(actor, "despatch-advices:despatch")
    said = await asyncio.to_thread(received, xml, DESPATCH_ADVICE, Advice)
    async with viewing(actor) as view:
        known = await queries.named_lines(view, sorted({number_of(line, said) for line in said.lines}))
    raw, errors = despatch_in(said, known)
    try:
        form = convert(DespatchForm, raw, lenient=True)
    except Problems as problems:
        told = {error.field for error in errors}
        raise Invalid(errors=[*errors, *(each for each in problems.errors if each.field not in told)]) from problems
    if errors:
        raise Invalid(errors=errors)
    return await create(actor, form, rest_follows=False, leaves=True)
