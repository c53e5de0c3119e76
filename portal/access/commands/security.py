"""How an organisation keeps itself safe: when it asks for a second factor, how long its sessions last."""

from portal.access import queries
from portal.access.events import SecurityPolicySet
from portal.access.forms import SecurityForm
from portal.access.guards import require_proof
from portal.access.tables import Organisation
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid
from portal.platform.work import changing


async def set_security(actor: Actor, form: SecurityForm) -> Organisation:
    """Set the policy; it holds at once, also for sessions that are open.

    Whom a second factor is asked from is changed by who proved one: a password alone turns no protection off.
    """
    async with changing(actor, Organisation, actor.organisation_id) as (change, organisation):
        change.require("security:configure")
        known = queries.roles_of(organisation.kind)
        unknown = [
            FieldError(f"second_factor_roles.{number}", _("Choose one of {choices}.", choices=", ".join(known)))
            for number, role in enumerate(form.second_factor_roles)
            if role not in known
        ]
        if form.second_factor == "roles" and not form.second_factor_roles:
            unknown.append(FieldError("second_factor_roles", _("Choose at least one role.")))
        if unknown:
            raise Invalid(errors=unknown)
        if (form.second_factor, set(form.second_factor_roles)) != _asked(organisation):
            require_proof(actor)
        organisation.second_factor = form.second_factor
        organisation.second_factor_roles = list(dict.fromkeys(form.second_factor_roles))
        organisation.session_idle_minutes = form.session_idle_minutes
        organisation.session_hours = form.session_hours
        organisation.dormant_days = form.dormant_days
        change.write(organisation)
        change.record(SecurityPolicySet(form.second_factor), organisation)
    return organisation


def _asked(organisation: Organisation) -> tuple[str, set[str]]:
    return organisation.second_factor, set(organisation.second_factor_roles)
