"""What administrators know of how their company is kept safe: invitations, its policy, terms and who accepted them."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from portal.access.duties import sentences
from portal.access.forms import InvitationOut
from portal.access.tables import IdentityProvider, LegalText, Organisation
from portal.platform.work import View

MOST = 200


class Accepted(NamedTuple):
    """Who accepted which edition when."""

    name: str
    organisation: str
    kind: str
    edition: int
    at: datetime


async def invitations(view: View) -> list[InvitationOut]:
    """Open invitations first, then the newest of the others."""
    records = await view.fetch(_INVITATIONS, view.actor.organisation_id, MOST)
    kind = view.actor.organisation_kind
    return [InvitationOut(**row, conflicts=[str(why) for why in sentences(row["roles"], kind)]) for row in records]


_INVITATIONS = """
select id, case when email like 'erased-%' then '' else email end as email, full_name, roles, created_at, expires_at,
  case when email like 'erased-%' then 'forgotten' when state = 'open' and expires_at < now() then 'expired'
    when state = 'open' and refused_at is not null then 'refused' else state end as state
from invitation where organisation_id = $1 order by state <> 'open', created_at desc, id desc limit $2
"""


async def security(view: View) -> Organisation:
    """The organisation as the form of its policy shows it."""
    record = await view.one("select * from organisation where id = $1", view.actor.organisation_id)
    return Organisation.of(record)


async def provider(view: View) -> IdentityProvider | None:
    """The company's own sign-in, without its secret."""
    record = await view.one("select * from identity_provider where organisation_id = $1", view.actor.organisation_id)
    return None if record is None else IdentityProvider.of(record)


async def is_linked(view: View, person_id: UUID) -> bool:
    """Whether the company's own sign-in named this person before."""
    sql = "select exists (select from provider_account where organisation_id = $1 and person_id = $2)"
    return await view.value(sql, view.actor.organisation_id, person_id)


async def former_links(view: View) -> int:
    """How many people are linked to a provider or client id that was replaced."""
    sql = """select count(distinct a.person_id) from provider_account a join identity_provider p on p.id = a.provider_id
      where a.organisation_id = $1 and (a.issuer, a.client_id) <> (p.issuer, p.client_id)"""
    return await view.value(sql, view.actor.organisation_id)


async def legal_texts(view: View) -> list[LegalText]:
    """All editions of one's own terms and notices, newest first."""
    records = await view.fetch(
        "select * from legal_text where organisation_id = $1 order by published_at desc, kind limit $2",
        *(view.actor.organisation_id, MOST),
    )
    return [LegalText.of(record) for record in records]


async def who_accepted(view: View) -> list[Accepted]:
    """The last acceptances of one's own texts, by own people and those of suppliers."""
    rows = await view.fetch(_ACCEPTED, view.actor.organisation_id, MOST)
    known = await _names(view, [row["person_id"] for row in rows])
    return [
        Accepted(*known.get(row["person_id"], ("–", "–")), row["kind"], row["edition"], row["accepted_at"])
        for row in rows
    ]


_ACCEPTED = """
select person_id, kind, edition, accepted_at from legal_acceptance where shown_to = $1
order by accepted_at desc, id desc limit $2
"""


async def _names(view: View, people: list[UUID]) -> dict[UUID, tuple[str, str]]:
    rows: list[asyncpg.Record] = await view.fetch("select * from portal.names($1)", people)
    return {row["id"]: (row["full_name"], row["organisation_name"]) for row in rows}
