"""Who looks over the company's shoulder: auditors from outside, its own people over each other's roles, and what the
law keeps from being deleted."""

from datetime import timedelta

from portal.audit.commands import place_hold
from portal.audit.forms import HoldForm
from portal.demo.scene import form
from portal.demo.stage import Stage
from portal.operations.workspace.commands.engagements import open_engagement
from portal.operations.workspace.forms import EngagementForm
from portal.oversight.commands import ask, decide, end, grant, open_review, review, set_owners
from portal.oversight.forms import CampaignForm, EmergencyForm, OwnersForm, RoleDecision, VerdictForm
from portal.platform.work import viewing

DISPUTED = "Tarnwick Metals"
NIGHT = {
    "roles": ["receiver"],
    "minutes": 120,
    "reason": "The night shift’s receiver is ill, and a lorry is announced for two o’clock.",
}
AUDITORS = ("external.auditor@demo.test", "Imke Sander")
_REVIEWED = "select id from reviewed_role where review_id = $1 and $2 = any(reviewers) order by role, person_id"


async def look_over(stage: Stage) -> None:
    """An audit of this year's purchasing that goes on, and a hold on what belongs to a claim."""
    admin = stage.people["admin@demo.test"]
    email, name = AUDITORS
    engagement = form(
        EngagementForm,
        title="Purchasing of the year",
        purpose="Segregation of duties and three-way match, as part of the audit of the annual accounts.",
        email=email,
        full_name=name,
        owner_id=str(stage.people["auditor@demo.test"].person_id),
        until=(stage.now + timedelta(days=30)).date().isoformat(),
    )
    await open_engagement(admin, engagement)
    claimed = form(
        HoldForm,
        party_id=str(stage.organisations[DISPUTED]),
        reason="Claim for late steel of this spring: keep all records of this supplier.",
    )
    await place_hold(admin, claimed)


async def review_access(stage: Stage) -> None:
    """Reviewers are half through with the roles of this quarter: one of them has some left."""
    stage.at(6)
    admin, buyer = stage.people["admin@demo.test"], stage.people["buyer@demo.test"]
    for role in ("requester", "receiver"):
        await set_owners(admin, role, form(OwnersForm, owners=[str(buyer.person_id)]))
    last = (stage.now + timedelta(days=15)).date().isoformat()
    campaign = await open_review(admin, form(CampaignForm, until=last))
    stage.at(4)
    async with viewing(admin) as view:
        waiting = await view.fetch(_REVIEWED, campaign.id, admin.person_id)
    for role in waiting[:-2]:
        why = form(RoleDecision, decision="keep", reason="Asked the head of the department: needed as before.")
        await decide(admin, role["id"], why)


async def tell_of_an_emergency(stage: Stage) -> None:
    """One night nobody was there to book a lorry in; the next morning a third person looked at what was done."""
    stage.at(20.6)
    asked = await ask(stage.people["colleague@demo.test"], form(EmergencyForm, **NIGHT))
    stage.at(20.59)
    await grant(stage.people["approver@demo.test"], asked.id)
    stage.at(20.5)
    await end(stage.people["colleague@demo.test"], asked.id)
    stage.at(20)
    found = "Nothing was booked after all: the lorry came in the morning."
    said = form(VerdictForm, verdict="justified", note=found)
    await review(stage.people["admin@demo.test"], asked.id, said)
