"""Engagements, samples and workpapers for stories."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.operations.workspace.commands import engagements, evidence, papers
from portal.operations.workspace.forms import EngagementForm, EvidenceForm, PaperForm, SampleForm
from portal.operations.workspace.tables import Engagement, EvidenceBundle, Workpaper
from portal.platform.actor import Actor
from portal.platform.convert import convert
from tests.harness.identity import PASSWORD, link_in_mail
from tests.harness.pages import Reader
from tests.harness.world import Organised, a_colleague


def soon(days: int = 30) -> date:
    return datetime.now(UTC).date() + timedelta(days=days)


def engagement_body(owner: Actor, email: str, **changes: Any) -> dict[str, Any]:
    told = {"title": "Purchasing 2026", "email": email, "full_name": "Eva Extern", "owned_by": str(owner.person_id)}
    return told | {"until": soon().isoformat()} | changes


async def opened_engagement(company: Organised, auditor: Actor | None = None) -> tuple[Engagement, Actor, Actor]:
    """An engagement of an auditor of the house, with its auditor and its owner."""
    owner = await a_colleague(company, "auditor")
    reader = auditor or company.auditor
    form = convert(EngagementForm, engagement_body(owner, reader.email))
    return await engagements.open_engagement(company.administrator, form), reader, owner


async def drawn_sample(auditor: Actor, engagement: Engagement, **changes: Any) -> Workpaper:
    told = {"engagement_id": str(engagement.id), "title": "Orders of the year", "kind": "orders", "seed": "7"}
    return await papers.draw_sample(auditor, convert(SampleForm, told | changes))


async def written_finding(auditor: Actor, engagement: Engagement, **changes: Any) -> Workpaper:
    told = {"engagement_id": str(engagement.id), "kind": "finding", "title": "Approved late", "body": "After issue."}
    return await papers.write_paper(auditor, convert(PaperForm, told | {"severity": "high"} | changes))


async def asked_evidence(auditor: Actor, **asked: Any) -> EvidenceBundle:
    return await evidence.ask_evidence(auditor, convert(EvidenceForm, asked))


async def guest_of(client: Any, inbox: Any, email: str) -> Any:
    """Somebody from outside follows the mail of their engagement and is signed in; gives their client."""
    link = await link_in_mail(inbox, email, "/invitations/")
    reader = Reader(client)
    page = await reader.send(await reader.open(link), link, full_name="Eva Extern", new_password=PASSWORD)
    assert page.status == 200
    return client
