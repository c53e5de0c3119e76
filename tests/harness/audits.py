"""Engagements, samples and workpapers for stories."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.operations.workspace.commands import engagements, evidence, papers
from portal.operations.workspace.forms import (
    EngagementForm,
    EvidenceForm,
    PaperForm,
    PaperOut,
    ResultForm,
    SampleForm,
)
from portal.operations.workspace.papers import paper
from portal.operations.workspace.tables import Engagement, EvidenceBundle, Workpaper
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.work import viewing
from tests.harness.identity import PASSWORD, link_in_mail
from tests.harness.pages import Reader
from tests.harness.world import Organised, a_colleague, issued_order


def soon(days: int = 30) -> date:
    return datetime.now(UTC).date() + timedelta(days=days)


def engagement_body(owner: Actor, email: str, **changes: Any) -> dict[str, Any]:
    told = {"title": "Purchasing 2026", "email": email, "full_name": "Eva Extern", "owner_id": str(owner.person_id)}
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


async def judged_sample(company: Organised, auditor: Actor, engagement: Engagement, **asked: Any) -> PaperOut:
    """A sample with one item judged."""
    drawn = await drawn_sample(auditor, engagement, **asked)
    async with viewing(auditor) as view:
        read = await paper(view, drawn.id)
    form = convert(ResultForm, {"outcome": "exception", "note": "No approval", "audited": "0.00"})
    await papers.enter_result(auditor, drawn.id, read.items[0].id, form)
    async with viewing(auditor) as view:
        return await paper(view, drawn.id)


async def audited(company: Organised, mark: str = "Purchasing") -> dict[str, Any]:
    """A whole engagement by name of its parts: opened, sampled, judged, noted, with evidence that was asked for."""
    owner = await a_colleague(company, "auditor")
    form = convert(EngagementForm, engagement_body(owner, company.auditor.email, title=f"{mark} 2026"))
    opened = await engagements.open_engagement(company.administrator, form)
    drawn = await judged_sample(company, company.auditor, opened, title=f"{mark} orders", size="5")
    finding = await written_finding(company.auditor, opened, body=f"{mark} was approved late.")
    asked = await asked_evidence(company.auditor, engagement_id=str(opened.id))
    return {
        "engagement_id": opened.id,
        "paper_id": drawn.id,
        "finding_id": finding.id,
        "sample_item_id": drawn.items[0].id,
        "bundle_id": asked.id,
        "owner_id": owner.person_id,
    }


async def a_second_auditor(company: Organised, _supplier: Organised) -> dict[str, Any]:
    return {"owner_id": (await a_colleague(company, "auditor")).person_id}


async def engaged(company: Organised, supplier: Organised) -> dict[str, Any]:
    """By another administrator, so that the company's own may end it."""
    await issued_order(company, supplier)
    owner, opener = await a_colleague(company, "auditor"), await a_colleague(company, "administrator")
    form = convert(EngagementForm, engagement_body(owner, company.auditor.email))
    opened = await engagements.open_engagement(opener, form)
    return {"engagement_id": opened.id, "owner_id": owner.person_id}


async def sampled(company: Organised, supplier: Organised) -> dict[str, Any]:
    await issued_order(company, supplier)
    return await audited(company)


async def to_be_signed(company: Organised, supplier: Organised) -> dict[str, Any]:
    """A finding of somebody else, in an audit that the company's auditor owns."""
    reader = await a_colleague(company, "auditor")
    form = convert(EngagementForm, engagement_body(company.auditor, reader.email))
    opened = await engagements.open_engagement(company.administrator, form)
    written = await written_finding(reader, opened)
    async with viewing(reader) as view:
        digest = (await paper(view, written.id)).whole_digest
    return {"engagement_id": opened.id, "paper_id": written.id, "digest": digest}


WRITES = {
    "openEngagement": ("administrator", a_second_auditor),
    "closeEngagement": ("administrator", engaged),
    "drawSample": ("auditor", engaged),
    "writeWorkpaper": ("auditor", engaged),
    "enterSampleResult": ("auditor", sampled),
    "signWorkpaper": ("auditor", to_be_signed),
    "askEvidence": ("auditor", engaged),
}
