"""Emergencies and campaigns for stories, and the situations of writes on them."""

from typing import Any

from portal.access.commands import end_look, open_session, see_as
from portal.access.forms import LookForm
from portal.oversight import commands, queries
from portal.oversight.forms import CampaignForm, EmergencyForm, OwnersForm, RoleDecision
from portal.oversight.tables import AccessReview, EmergencyAccess
from portal.platform.convert import convert
from portal.platform.work import viewing
from tests.harness.world import Organised, a_colleague

WHY = "The night shift’s buyer is ill, and the order must go out."
Ids = dict[str, Any]


async def asked_emergency(company: Organised, *roles: str) -> EmergencyAccess:
    """Somebody at the gate asks for the roles of another."""
    person, wanted = ("receiver", "buyer") if company.kind == "buyer" else ("shipping", "billing")
    form = convert(EmergencyForm, {"roles": list(roles) or [wanted], "reason": WHY})
    return await commands.ask(company.people[person], form)


async def running_emergency(company: Organised) -> EmergencyAccess:
    return await commands.grant(company.administrator, (await asked_emergency(company)).id)


async def open_campaign(company: Organised) -> AccessReview:
    return await commands.open_review(company.administrator, convert(CampaignForm, {}))


async def emergency_asked(company: Organised, _supplier: Organised) -> Ids:
    return {"emergency_id": (await asked_emergency(company)).id}


async def emergency_running(company: Organised, _supplier: Organised) -> Ids:
    return {"emergency_id": (await running_emergency(company)).id}


async def emergency_over(company: Organised, supplier: Organised) -> Ids:
    named = await emergency_running(company, supplier)
    await commands.end(company.administrator, named["emergency_id"])
    return named


async def overseen(company: Organised, supplier: Organised) -> Ids:
    """An emergency that a third person has to review, an open campaign, and a look that is over."""
    administrator = company.administrator
    opened = await open_session(administrator.person, company.id, "127.0.0.1", "tests")
    looking = await see_as(opened.actor, company.buyer.person, convert(LookForm, {"reason": WHY}))
    assert looking.actor.seen_by is not None
    await end_look(looking.actor)
    named = {"looking_id": looking.actor.seen_by.looking}
    return named | await emergency_over(company, supplier) | await review_open(company, supplier)


async def review_open(company: Organised, _supplier: Organised) -> Ids:
    """A campaign, with the buyer's role in it, on which the administrator decides."""
    review = await open_campaign(company)
    async with viewing(company.auditor) as view:
        found = (await queries.review(view, review.id)).items
    return {"review_id": review.id, "reviewed_id": next(each.id for each in found if each.role == "buyer")}


async def review_of_the_known(company: Organised, supplier: Organised) -> Ids:
    """A campaign in which nothing speaks against the buyer, who was here today."""
    await open_session(company.buyer.person, company.id, "127.0.0.1", "tests")
    return await review_open(company, supplier)


async def review_decided(company: Organised, _supplier: Organised) -> Ids:
    other = await a_colleague(company, "administrator")
    review = await open_campaign(company)
    async with viewing(company.auditor) as view:
        found = (await queries.review(view, review.id)).items
    keep = convert(RoleDecision, {"decision": "keep", "reason": "Needed."})
    for each in found:
        own = each.person_id == company.administrator.person_id
        await commands.decide(other if own else company.administrator, each.id, keep)
    return {"review_id": review.id}


async def role_meant(company: Organised, _supplier: Organised) -> Ids:
    await commands.set_owners(company.administrator, "buyer", convert(OwnersForm, {"owners": []}))
    return {"role": "buyer"}
