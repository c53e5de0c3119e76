"""What somebody who holds a link from a mail may know, before they are anybody here."""

import hashlib
from typing import NamedTuple
from uuid import UUID

from portal.access.tables import Invitation, Person
from portal.platform.actor import Actor
from portal.platform.gate import gate
from portal.platform.refusals import NotFound
from portal.platform.work import View, viewing


class Offer(NamedTuple):
    """An open invitation: whose, for whom, and whether that person has an account with which to accept."""

    invitation_id: UUID
    organisation_id: UUID
    organisation_name: str
    email: str
    full_name: str
    roles: list[str]
    has_account: bool


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def reset_is_open(token: str) -> bool:
    return await opened(token, "password") is not None


async def opened(token: str, purpose: str) -> tuple[UUID, UUID] | None:
    """What an unused link is about, and whose it is; None once it was used or its time is over."""
    async with gate() as connection:
        found = await connection.fetchrow("select * from portal.open_link($1, $2)", digest(token), purpose)
    return None if found is None else (found["subject_id"], found["organisation_id"])


async def about_link(view: View, purpose: str, subject_id: UUID) -> Person | Invitation:
    """Whom the mail of a link is for: a person who has an account, or the invitation of somebody who may have none."""
    row: type[Person] | type[Invitation] = Person if purpose == "password" else Invitation
    record = await view.one(f"select * from {row.table_name()} where id = $1", subject_id)
    if record is None:
        raise NotFound()
    return row.of(record)


async def offer(token: str) -> Offer | None:
    found = await opened(token, "invitation")
    if found is None:
        return None
    async with viewing(Actor.system(found[1])) as view:
        record = await view.one(_OFFER, found[0])
    return None if record is None else Offer(**record)


_OFFER = """
select i.id as invitation_id, i.organisation_id, o.name as organisation_name, i.email, i.full_name, i.roles,
  coalesce((select a.belongs from portal.account_with(i.email) a), false) as has_account
from invitation i join organisation o on o.id = i.organisation_id where i.id = $1 and i.state = 'open'
"""
