"""By what a company's invoices are matched unless an order line says otherwise."""

from portal.invoicing.events import MatchBasisChanged
from portal.invoicing.forms import MatchSettingsForm
from portal.invoicing.tables import Organisation
from portal.platform.actor import Actor
from portal.platform.work import changing


async def set_match_basis(actor: Actor, form: MatchSettingsForm) -> Organisation:
    """Orders that are issued from now on take it over; those that were issued keep what they had."""
    async with changing(actor, Organisation, actor.organisation_id) as (change, buyer):
        change.require("invoices:configure", buyer)
        buyer.match_basis = form.match_basis
        change.write(buyer)
        change.record(MatchBasisChanged(form.match_basis), buyer)
    return buyer
