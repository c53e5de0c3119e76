"""A company keeps its own data: where it is, how it is reached, the numbers that registers gave it."""

from portal.organisations.events import CompanyEdited
from portal.organisations.forms.company import NUMBERS, CompanyForm
from portal.organisations.queries import registered_as
from portal.organisations.tables import Organisation
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError, Invalid
from portal.platform.work import Change, changing

TAKEN = _("A company with this number keeps its data here already.")


async def edit_company(actor: Actor, form: CompanyForm) -> Organisation:
    """Say something else of one's own company. Documents keep what they say; those that are made from now on say this.

    Raises `Invalid` for numbers that are not of its country, `Conflict` for one that another company has.
    """
    async with changing(actor, Organisation, actor.organisation_id) as (change, company):
        change.require("company:edit")
        if faults := form.faults(company.country):
            raise Invalid(errors=faults)
        await _require_free(change, form)
        for name, value in form.facts(company.country).items():
            setattr(company, name, value)
        change.write(company)
        change.record(CompanyEdited(company.id), company)
    return company


async def _require_free(change: Change, form: CompanyForm) -> None:
    errors = []
    for name in NUMBERS:
        number = getattr(form, name)
        other = number and await registered_as(change, number)
        if other and other["id"] != change.actor.organisation_id:
            errors.append(FieldError(name, TAKEN))
    if errors:
        raise Conflict(TAKEN, errors=errors)
