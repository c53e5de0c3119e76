"""Who looks over the company's shoulder: auditors from outside, and what the law keeps from being deleted."""

from datetime import timedelta

from portal.audit.commands import place_hold
from portal.audit.forms import HoldForm
from portal.demo.scene import form
from portal.demo.stage import Stage
from portal.operations.workspace.commands.engagements import open_engagement
from portal.operations.workspace.forms import EngagementForm

DISPUTED = "Tarnwick Metals"
AUDITORS = ("external.auditor@demo.test", "Imke Sander")


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
