"""What the workspace does aside: putting evidence together, and noting that engagements are over."""

from uuid import UUID

from portal.operations.workspace.commands import engagements, evidence
from portal.platform.actor import Actor
from portal.platform.jobs import job

END = "workspace.end-engagements"
PERIODIC = [(END, "7 * * * *")]


@job(evidence.MAKE, retries=3, seconds=3600)
async def make_evidence(actor: Actor, bundle_id: str) -> None:
    await evidence.make_evidence(actor, UUID(bundle_id))


@job(END, seconds=60)
async def end_engagements(actor: Actor) -> None:
    """Every hour; nobody is let in any more since the moment itself."""
    await engagements.end_engagements(actor)
