"""Campaigns as they are read: administrators and auditors see all of them, reviewers what they decide on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from markupsafe import Markup

from portal.access.guards import named, scoped
from portal.access.queries import names
from portal.oversight.forms import ReviewedOut, ReviewOut
from portal.platform.i18n import Message, _
from portal.platform.paging import Bind, Page, Sort, order_of
from portal.platform.refusals import NotFound
from portal.platform.work import View
from portal.web.formats import money

SORTS: Final = {"opened_at": Sort("opened_at", datetime.fromisoformat, "timestamptz")}
STATES: Final = ("open", "kept", "revoked", "lapsed", "spared", "gone")
CAP: Final = 1000
MOST: Final = 5000
_DOUBTS: Final = {
    "never": _("never signed in"),
    "dormant": _("not signed in for {days} days"),
    "conflict": _("duties exclude each other: {first} and {second}"),
}


class Report(NamedTuple):
    """A signed report: what was signed, and the canonical text of the report itself."""

    attested: dict[str, Any]
    body: str


async def reviews(view: View, *, cursor: str | None = None, limit: int = 50) -> Page[ReviewOut]:
    """Newest first, without their roles."""
    bind = Bind(view.actor.organisation_id, view.actor.person_id)
    order = order_of(SORTS, "-opened_at", cursor)
    after, by = order.sql("v", bind, limit)
    rows = await view.fetch(f"{_summed(view, bind)} and {after} {by}", *bind.values)
    found = await _told(view, rows[:limit])
    return Page(found, order.page(rows, limit, lambda row: row["opened_at"]))


async def review(view: View, review_id: UUID, *, mine: bool = False) -> ReviewOut:
    """One campaign with its roles, as far as the reader may see them, what is to decide first."""
    bind = Bind(view.actor.organisation_id, view.actor.person_id)
    rows = await view.fetch(f"{_summed(view, bind)} and v.id = {bind(review_id)}", *bind.values)
    if not rows:
        raise NotFound()
    told = (await _told(view, rows))[0]
    told.items = await _items(view, "l.review_id = $3" + (f" and {_MINE}" if mine else ""), review_id)
    return told


async def reviewed(view: View, reviewed_id: UUID) -> ReviewedOut:
    """One role under review; unseen is 404."""
    found = await _items(view, "l.id = $3", reviewed_id)
    if not found:
        raise NotFound()
    return found[0]


async def days_of(view: View) -> int | None:
    """How many days reviewers have in the campaign of each quarter; None where campaigns begin by hand alone."""
    sql = "select access_review_days from organisation where id = $1"
    return await view.value(sql, view.actor.organisation_id)


async def review_of(view: View, reviewed_id: UUID) -> UUID:
    """The campaign that a role is looked at in."""
    return await view.value("select review_id from reviewed_role where id = $1", reviewed_id)


async def to_decide(view: View) -> list[ReviewOut]:
    """Open campaigns in which the reader has still to decide."""
    found = (await reviews(view, limit=5)).items
    return [each for each in found if each.state == "open" and each.mine]


async def report(view: View, review_id: UUID) -> Report:
    """The signed report of a closed campaign; for who reads all of it."""
    row: Any = await view.one("select attested, body from access_review_report where review_id = $1", review_id)
    if row is None or not reads_all(view):
        raise NotFound()
    attested = row["attested"]
    return Report(msgspec.json.decode(attested) if isinstance(attested, str) else attested, row["body"])


def reads_all(view: View) -> bool:
    """Whether the reader sees campaigns whole: administrators and auditors do, reviewers see what they decide on."""
    return scoped(view.actor, "access-reviews:read", "l", Bind()) == "true"


def in_words(doubt: dict[str, str]) -> Message:
    """Why keeping a role takes a reason."""
    told: dict[str, Any] = {name: value for name, value in doubt.items() if name != "kind"}
    told |= {name: named(told[name]) for name in ("first", "second") if name in told}
    return Message(_DOUBTS[doubt["kind"]].text, told)


_MINE = "(l.state = 'open' and $2::uuid = any (l.reviewers))"


def _summed(view: View, bind: Bind) -> str:
    seen = scoped(view.actor, "access-reviews:read", "l", bind)
    counts = ", ".join(f"'{state}', count(*) filter (where l.state = '{state}')" for state in STATES)
    return f"""
    select v.*, s.* from access_review v join lateral (
      select count(*) as roles, count(*) filter (where l.state <> 'open') as decided,
        count(*) filter (where {_MINE}) as mine, jsonb_build_object({counts}) as counts
      from reviewed_role l where l.review_id = v.id and {seen}) s on s.roles > 0
    where v.organisation_id = $1"""


async def _items(view: View, condition: str, wanted: UUID) -> list[ReviewedOut]:
    bind = Bind(view.actor.organisation_id, view.actor.person_id, wanted)
    seen = scoped(view.actor, "access-reviews:read", "l", bind)
    sql = f"""select l.*, p.full_name, p.email, {_MINE} as mine from reviewed_role l join person p on p.id = l.person_id
      where l.organisation_id = $1 and {condition} and {seen}
      order by not {_MINE}, l.state <> 'open', p.full_name, l.person_id, l.role limit {MOST}"""
    rows = await view.fetch(sql, *bind.values)
    people = {person for row in rows for person in (*row["reviewers"], row["decided_by"]) if person}
    known = {person: name for person, (name, _of) in (await names(view, sorted(people))).items()}
    return [_item(row, known) for row in rows]


def _item(row: Any, known: dict[UUID, str]) -> ReviewedOut:
    told = row["snapshot"] if isinstance(row["snapshot"], dict) else msgspec.json.decode(row["snapshot"])
    last = told["last_sign_in"]
    return ReviewedOut(
        id=row["id"],
        version=row["version"],
        person_id=row["person_id"],
        person=row["full_name"],
        email=row["email"],
        role=row["role"],
        scope=told["scope"],
        limit=_limit(told["limit"]),
        last_sign_in=datetime.fromisoformat(last) if last else None,
        warnings=[str(in_words(each)) for each in told["doubts"]],
        reviewers=[known[each] for each in row["reviewers"] if each in known],
        mine=row["mine"],
        state=row["state"],
        decided_by=known.get(row["decided_by"], ""),
        decided_at=row["decided_at"],
        reason=row["reason"],
    )


def _limit(limit: dict[str, str | None]) -> str:
    currency = limit["currency"]
    if not currency:
        return ""
    if limit["gross"] is None:
        return str(_("unlimited"))
    amount = money(limit["gross"], currency)
    return amount.striptags() if isinstance(amount, Markup) else amount


async def _told(view: View, rows: Sequence[Any]) -> list[ReviewOut]:
    opened = await names(view, [row["opened_by"] for row in rows if row["opened_by"]])
    return [_out(row, opened) for row in rows]


def _out(row: Any, opened: dict[UUID, tuple[str, str]]) -> ReviewOut:
    plain = {name: row[name] for name in ReviewOut.__struct_fields__ if name not in ("opened_by", "counts", "items")}
    counts = row["counts"] if isinstance(row["counts"], dict) else msgspec.json.decode(row["counts"])
    by = opened.get(row["opened_by"], (str(_("The portal itself")),))[0]
    return ReviewOut(**plain, opened_by=by, counts=counts)
