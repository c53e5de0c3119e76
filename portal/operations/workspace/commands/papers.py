"""Workpapers: drawing a sample, writing a finding, saying what was found, signing off. Nothing is ever changed."""

import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec

from portal.operations.workspace.engagements import require_part
from portal.operations.workspace.events import PaperSigned, PaperWritten, ResultEntered, SampleDrawn
from portal.operations.workspace.forms import PaperForm, PopulationForm, ResultForm, SampleForm, SignForm
from portal.operations.workspace.papers import digest_of, whole_digest
from portal.operations.workspace.populations import Member, population, totals
from portal.operations.workspace.sampling import Drawn, Unit, interval_for, monetary, random
from portal.operations.workspace.tables import Workpaper, WorkpaperItem, WorkpaperResult, WorkpaperSignature
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, Denied, Invalid, NotFound
from portal.platform.work import Change, changing

MOST: Final = 2_000  # items of a sample
_SIGNED: Final = "select true from workpaper_signature where workpaper_id = $1"
_WORKED: Final = "select true from workpaper_result where workpaper_id = $1 and created_by = $2 limit 1"
USUAL_SIZE: Final = 25


async def draw_sample(actor: Actor, form: SampleForm) -> Workpaper:
    """Draw records from a population, whose control totals and seed are kept with the sample."""
    async with changing(actor) as change:
        change.require("workpapers:write")
        await require_part(change, form.engagement_id)
        given = {name: getattr(form, name) for name in PopulationForm.__struct_fields__}
        members = await population(change, PopulationForm(**given))
        told = totals(form.kind, members, change.now)
        seed = form.seed or secrets.token_hex(8)
        drawn, how = _drawn(form, members, seed)
        content = {"filter": given, "population": msgspec.to_builtins(told), "seed": seed, **how}
        paper = await _paper(change, form.engagement_id, "sample", form.title, content=content)
        by_id = {member.id: member for member in members}
        items = [_item(paper, n, each, by_id[each.id]) for n, each in enumerate(drawn, 1)]
        paper.digest = digest_of(_said(paper) | {"items": [_line(item) for item in items]})
        change.add(paper)
        change.add_all(WorkpaperItem, items)
        change.record(SampleDrawn(paper.id, paper.digest), paper, root_id=form.engagement_id)
    return paper


def _drawn(form: SampleForm, members: Sequence[Member], seed: str) -> tuple[list[Drawn], dict[str, Any]]:
    units = [Unit(member.id, member.amount) for member in members]
    if not units:
        raise Invalid.field("kind", _("No record fits this: there is nothing to draw from."))
    if form.method == "random":
        size = USUAL_SIZE if form.size is None else int(form.size)
        _require_room(size)
        return random(units, size, seed), {"method": "random", "size": size}
    if len({member.currency for member in members}) > 1:
        raise Invalid.field("currency", _("Money units are of one currency: choose it."))
    interval = _interval(form)
    drawn = monetary(units, interval, seed)
    _require_room(len(drawn))
    if not drawn:
        raise Invalid.field("interval", _("No unit lies at this interval: the population is smaller than it."))
    wanted = {"risk": form.risk, "tolerable": form.tolerable, "expected": form.expected}
    return drawn, {"method": "monetary", "interval": interval, "size": len(drawn), **wanted}


def _interval(form: SampleForm) -> Decimal:
    if form.interval is not None:
        if form.interval < Decimal("0.01"):
            raise Invalid.field("interval", _("An interval is at least one hundredth."))
        return form.interval
    if form.tolerable is None:
        raise Invalid.field("tolerable", _("Say what misstatement is tolerable, or give the interval itself."))
    try:
        interval = interval_for(form.tolerable, form.expected or Decimal(0), int(form.risk))
    except ValueError as error:
        refusal = _("What is expected takes up all that is tolerable: examine every record instead.")
        raise Invalid.field("expected", refusal) from error
    if interval < Decimal("0.01"):
        raise Invalid.field("tolerable", _("An interval is at least one hundredth."))
    return interval


def _require_room(size: int) -> None:
    if not 1 <= size <= MOST:
        raise Invalid.field("size", _("A sample has between 1 and {most} items.", most=MOST))


async def write_paper(actor: Actor, form: PaperForm) -> Workpaper:
    """A finding or a note; what it says stays as it is, and another one may say otherwise."""
    async with changing(actor) as change:
        change.require("workpapers:write")
        await require_part(change, form.engagement_id)
        if form.kind == "finding" and form.severity is None:
            raise Invalid.field("severity", _("Say how much a finding weighs."))
        told = {"body": form.body, "reference": form.reference or "", "severity": form.severity or ""}
        paper = await _paper(change, form.engagement_id, form.kind, form.title, **told)
        paper.digest = digest_of(_said(paper))
        change.add(paper)
        change.record(PaperWritten(paper.id, paper.digest), paper, root_id=form.engagement_id)
    return paper


async def enter_result(actor: Actor, paper_id: UUID, item_id: UUID, form: ResultForm) -> WorkpaperResult:
    """What was found of one item. Saying it again leaves the earlier word where it is."""
    async with changing(actor) as change:
        change.require("workpapers:write")
        paper = await _open_paper(change, paper_id)
        found = await change.rows(WorkpaperItem, "id = $1 and workpaper_id = $2", item_id, paper_id)
        if not found:
            raise NotFound()
        _require_sense(found[0], form)
        result = WorkpaperResult(
            id=new_id(),
            workpaper_id=paper_id,
            item_id=item_id,
            organisation_id=actor.organisation_id,
            outcome=form.outcome,
            audited=form.audited if form.outcome == "exception" else None,
            note=form.note or "",
            created_by=actor.person,
            created_at=change.now,
        )
        change.add(result)
        change.record(ResultEntered(paper_id, item_id, form.outcome), paper, root_id=paper.engagement_id)
    return result


def _require_sense(item: WorkpaperItem, form: ResultForm) -> None:
    if form.outcome == "pass":
        if form.audited is not None and form.audited != item.amount:
            raise Invalid.field("audited", _("An item that should have another amount does not pass."))
    elif not form.note:
        raise Invalid.field("note", _("Say what is wrong with it."))
    elif item.amount is None and form.audited is not None:
        raise Invalid.field("audited", _("This item has no amount."))


async def sign_paper(actor: Actor, paper_id: UUID, form: SignForm) -> WorkpaperSignature:
    """Stand for a workpaper that somebody else made, with all its results; nothing is added to it afterwards."""
    async with changing(actor) as change:
        change.require("workpapers:sign")
        paper = await _open_paper(change, paper_id)
        if paper.created_by == actor.person_id or await change.value(_WORKED, paper_id, actor.person_id):
            raise Denied(_("Nobody signs off their own work. Somebody else of the engagement does."))
        digest = await whole_digest(change, paper_id, paper.digest)
        if digest != form.digest:
            raise Conflict(_("Something was added after you read it. Look at it again, then sign."))
        signature = WorkpaperSignature(
            id=new_id(),
            workpaper_id=paper_id,
            organisation_id=actor.organisation_id,
            digest=digest,
            note=form.note or "",
            signed_by=actor.person,
            signed_at=change.now,
        )
        change.add(signature)
        change.record(PaperSigned(paper_id, digest), paper, root_id=paper.engagement_id)
    return signature


async def _open_paper(change: Change, paper_id: UUID) -> Workpaper:
    """A workpaper that takes more, with its engagement locked."""
    paper = await change.row(Workpaper, paper_id, lock=False)
    await require_part(change, paper.engagement_id)
    if await change.value(_SIGNED, paper_id):
        raise Conflict(_("This workpaper is signed off: nothing is added to it any more. Write another one."))
    return paper


async def _paper(change: Change, engagement_id: UUID, kind: str, title: str, **told: Any) -> Workpaper:
    said: dict[str, Any] = {"content": {}} | {name: msgspec.to_builtins(value) for name, value in told.items()}
    return Workpaper(
        id=new_id(),
        organisation_id=change.actor.organisation_id,
        engagement_id=engagement_id,
        number=await change.number("WP"),
        kind=kind,
        title=title,
        created_by=change.actor.person,
        created_at=change.now,
        **said,
    )


def _said(paper: Workpaper) -> dict[str, Any]:
    names = ("number", "kind", "title", "body", "reference", "severity", "content", "created_by", "created_at")
    return {name: getattr(paper, name) for name in names}


def _item(paper: Workpaper, position: int, drawn: Drawn, member: Member) -> dict[str, Any]:
    told = {name: value for name, value in member._asdict().items() if name != "id"}
    own = {"id": new_id(), "workpaper_id": paper.id, "organisation_id": paper.organisation_id, "position": position}
    return own | told | {"record_id": member.id, "hits": drawn.hits, "certain": drawn.certain}


def _line(item: dict[str, Any]) -> list[Any]:
    return [
        item[name] for name in ("position", "record_id", "number", "dated", "amount", "currency", "hits", "certain")
    ]
