"""Which letterhead an organisation has, and what of it a document wears."""

from typing import Any
from uuid import UUID

from portal.access.queries import names
from portal.letterheads.forms import Heading, LetterheadOut
from portal.letterheads.rules import contrast, lines_of
from portal.letterheads.tables import Letterhead
from portal.platform.refusals import NotFound
from portal.platform.work import View

MOST = 200  # editions that are listed
_WORN = """
select l.colour, l.address, l.footer, l.logo_text, p.png from letterhead l
left join letterhead_picture p on p.organisation_id = l.organisation_id and p.sha256 = l.logo where l.id = $1
"""
_SEAL = """
select p.sha256, p.png from (
  select organisation_id, seal from letterhead where organisation_id = $1 order by edition desc limit 1) l
join letterhead_picture p on p.organisation_id = l.organisation_id and p.sha256 = l.seal
"""
_OWN_SEAL = """
select p.png from letterhead l join letterhead_picture p on p.organisation_id = l.organisation_id and p.sha256 = l.seal
where l.id = $1
"""


async def present(view: View, organisation_id: UUID) -> UUID | None:
    """The edition that the organisation's documents wear now; none before it made one."""
    sql = "select id from letterhead where organisation_id = $1 order by edition desc limit 1"
    return await view.value(sql, organisation_id)


async def heading(view: View, letterhead_id: UUID | None) -> Heading:
    """What a document under this edition wears; without one what everybody's documents look like."""
    found = None if letterhead_id is None else await view.one(_WORN, letterhead_id)
    if found is None:
        return Heading()
    return Heading(
        colour=found["colour"],
        address=found["address"],
        footer=found["footer"],
        picture=found["png"] or b"",
        picture_text=found["logo_text"],
    )


async def seal(view: View) -> tuple[str, bytes]:
    """The present seal of one's own: SHA-256 and PNG, both blank where there is none."""
    found = await view.one(_SEAL, view.actor.organisation_id)
    return (found["sha256"], found["png"]) if found else ("", b"")


async def editions(view: View) -> list[LetterheadOut]:
    """All editions of one's own, the newest first."""
    sql = "select * from letterhead where organisation_id = $1 order by edition desc limit $2"
    rows = [Letterhead.of(each) for each in await view.fetch(sql, view.actor.organisation_id, MOST)]
    people = await names(view, list({row.created_by for row in rows})) if rows else {}
    return [_out(row, people.get(row.created_by, ("",))[0]) for row in rows]


async def edition(view: View, letterhead_id: UUID) -> LetterheadOut:
    """One of one's own."""
    found = next((each for each in await editions(view) if each.id == letterhead_id), None)
    if found is None:
        raise NotFound()
    return found


async def picture(view: View, letterhead_id: UUID) -> bytes:
    """The PNG of an edition of one's own."""
    await edition(view, letterhead_id)
    worn = await heading(view, letterhead_id)
    if not worn.picture:
        raise NotFound()
    return worn.picture


async def seal_of(view: View, letterhead_id: UUID) -> bytes:
    """The seal of an edition of one's own, as PNG."""
    await edition(view, letterhead_id)
    png = await view.value(_OWN_SEAL, letterhead_id)
    if png is None:
        raise NotFound()
    return png


def _out(row: Letterhead, name: str) -> LetterheadOut:
    same: tuple[Any, ...] = ("id", "version", "edition", "colour", "logo_text", "seal", "created_at")
    return LetterheadOut(
        **{each: getattr(row, each) for each in same},
        contrast=str(contrast(row.colour)),
        address=lines_of(row.address),
        footer=lines_of(row.footer),
        logo=row.logo,
        created_by_name=name,
    )
