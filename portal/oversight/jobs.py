"""What oversight does by itself: campaigns begin, remind and close, and emergencies end."""

from portal.oversight import commands
from portal.oversight.rules import REASSIGN
from portal.platform.actor import Actor
from portal.platform.jobs import job

REVIEWS, EMERGENCIES = "oversight.look-after-reviews", "oversight.end-emergencies"
PERIODIC = [(REVIEWS, "19 * * * *"), (EMERGENCIES, "*/5 * * * *")]


@job(REVIEWS, seconds=300)
async def look_after_reviews(actor: Actor) -> None:
    """Every hour; a campaign that is due takes back what nobody decided on."""
    await commands.look_after(actor)


@job(REASSIGN, seconds=60)
async def find_reviewers(actor: Actor) -> None:
    """After somebody came or went who may decide."""
    await commands.find_reviewers(actor)


@job(EMERGENCIES, seconds=60)
async def end_emergencies(actor: Actor) -> None:
    """Every five minutes; the roles are gone since the moment itself."""
    await commands.end_lapsed(actor)
