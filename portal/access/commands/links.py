"""Links by mail: the database keeps their hash, the mail alone the token."""

from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

from portal.access.queries.links import digest
from portal.platform import vault
from portal.platform.work import Change

LIFETIMES = MappingProxyType({"password": timedelta(hours=1), "invitation": timedelta(days=7)})


async def make_link(change: Change, link_id: UUID, purpose: str, subject_id: UUID) -> None:
    """A link that takes the place of all that were made for the same; its mail goes out when the change is kept."""
    token = vault.tokens(purpose, link_id)[0]
    made = await change.value(
        "select portal.make_link($1, $2, $3, $4, $5)",
        *(link_id, digest(token), purpose, subject_id, LIFETIMES[purpose]),
    )
    assert made, "a link is made for a member or for an open invitation"
