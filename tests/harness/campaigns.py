"""Reviews of access for stories: begun by the administrator, read by the auditor, decided by whoever may."""

from typing import Any
from uuid import UUID

import psycopg

from portal.oversight import commands, queries
from portal.oversight.forms import ReviewedOut, RoleDecision
from portal.oversight.tables import AccessReview, ReviewedRole
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.work import viewing
from tests.harness.oversight import open_campaign as opened
from tests.harness.world import Organised

__all__ = ["KEEP", "REVOKE", "decided", "due", "line", "lines", "opened", "roles_of"]

KEEP = {"decision": "keep", "reason": "They still work there."}
REVOKE = {"decision": "revoke", "reason": "They moved to another department."}


async def lines(company: Organised, review: AccessReview) -> dict[tuple[UUID, str], ReviewedOut]:
    """What the campaign asks about, by person and role."""
    async with viewing(company.auditor) as view:
        return {(each.person_id, each.role): each for each in (await queries.review(view, review.id)).items}


async def line(company: Organised, review: AccessReview, role: str) -> ReviewedOut:
    return (await lines(company, review))[company.people[role].person, role]


async def decided(person: Actor, told: ReviewedOut, **form: Any) -> ReviewedRole:
    return await commands.decide(person, told.id, convert(RoleDecision, form))


def due(superuser: psycopg.Connection, review: AccessReview) -> None:
    """Its last day is over."""
    superuser.execute("alter table access_review disable trigger user")
    superuser.execute(
        "update access_review set opened_at = opened_at - interval '90 days', due_at = now() - interval '1 hour' "
        "where id = %s",
        [review.id],
    )
    superuser.execute("alter table access_review enable trigger user")


def roles_of(superuser: psycopg.Connection, company: Organised) -> dict[UUID, tuple[list[str], bool]]:
    """The roles of each membership, and whether it goes on."""
    rows = superuser.execute(
        "select person_id, roles, active from membership where organisation_id = %s", [company.id]
    ).fetchall()
    return {person: (roles, active) for person, roles, active in rows}
