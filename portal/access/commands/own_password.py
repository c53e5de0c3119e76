"""A person's new password, proved by the old one."""

from portal.access.commands.passwords import require_long, set_password
from portal.access.commands.sessions import Opened, sign_in, switch_organisation
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Invalid, NotSignedIn


async def change_password(actor: Actor, old: str, new: str, *, address: str, agent: str = "") -> Opened:
    """Change one's own password. The old one is proved by signing in with it, under the same limits as anywhere; the
    session that comes of it takes the place of the present one, and all others end."""
    require_long(new, "new_password")
    try:
        opened = await sign_in(actor.email, old, address=address, agent=agent)
    except NotSignedIn as refusal:
        raise Invalid.field("password", _("This is not your present password.")) from refusal
    if opened.actor.organisation_id != actor.organisation_id:
        opened = await switch_organisation(opened.actor, actor.organisation_id, agent=agent)
    await set_password(opened.actor, actor.person, new)
    return opened
