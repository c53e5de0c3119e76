"""For how many days nothing is paid to an account after it was approved: a setting that two people make."""

from portal.banks.forms import CoolOffProposal
from portal.banks.tables import SettingVersion
from portal.platform.actor import Actor
from portal.settings.commands import propose

COOL_OFF = "bank-cool-off"


async def propose_cool_off(actor: Actor, form: CoolOffProposal) -> SettingVersion:
    """Propose another cool-off from a day on; accounts that were approved before keep theirs."""
    value = {"bank_cool_off_days": form.days}
    return await propose(actor, COOL_OFF, actor.organisation_id, value, from_day=form.from_day, reason=form.reason)
