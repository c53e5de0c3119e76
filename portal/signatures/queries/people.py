"""Who of one's own side may sign, and whose day it is."""

from datetime import date
from uuid import UUID

from portal.access.guards import allowed
from portal.access.queries import colleagues
from portal.platform.work import View


async def able_to_sign(view: View) -> list[tuple[UUID, str]]:
    """People of the view's organisation who may sign for it, by name."""
    found = [member for member in await colleagues(view) if allowed(member, "signatures:sign")]
    able = [(member.person_id, member.name) for member in found if member.person_id is not None]
    return sorted(able, key=lambda each: (each[1], each[0]))


async def today(view: View, buyer_id: UUID) -> date:
    """The day that it is where the buyer is: a signing that it opened may be signed until the end of its last day."""
    return await view.value(
        "select (portal.now() at time zone time_zone)::date from organisation where id = $1", buyer_id
    )
