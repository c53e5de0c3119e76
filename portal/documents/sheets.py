"""From a snapshot to the sheet that the press sets: words, dates and figures in the language of the recipient."""

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import segno
from jinja2.meta import find_referenced_templates
from markupsafe import Markup

from portal.documents.press import Sheet
from portal.documents.pressroom import Unprintable, pdf_of
from portal.documents.rules import FACES, Identity, Snapshot, dated, header_of, instant, mark
from portal.documents.troubles import told, trouble_of
from portal.letterheads.forms import Heading
from portal.platform.i18n import Message, _, use_language
from portal.platform.paths import resource
from portal.platform.refusals import Conflict
from portal.platform.settings import settings
from portal.platform.totals import CATEGORIES
from portal.web.context import PageContext, current
from portal.web.formats import address_lines
from portal.web.render import environment, render

ADDRESSES = ("address", "ship_to", "deliver_to")
LOGO = "picture:logo"  # the address by which a page names the logo that comes with it
RIGHT_TO_LEFT = ("R", "AL")  # bidirectional classes of letters
STYLES = ("sheet.css", "tables.css")


class Told(dict):
    """A snapshot's object as templates read it: what it does not say is blank."""

    def __missing__(self, key: str) -> str:
        return ""


class Paper(msgspec.Struct, frozen=True):
    """What templates get to see. `instants` are the header's moments; `day` is the document's date at its author's;
    `snapshot` is all of it, for what only one kind says."""

    title: Message
    number: str
    revision: int
    code: str
    checked_at: str
    picture: Markup
    mark: str
    stamp: str
    day: Any
    pages: tuple[str, str, str]
    author: Told
    recipient: Told
    header: Told
    instants: Told
    lines: list[Told]
    totals: Told
    snapshot: Told
    letterhead: Heading


def compose(template: str, identity: Identity, snapshot: Snapshot, heading: Heading | None = None) -> Sheet:
    """The whole page under its author's letterhead. Changes the language of this context: call it in one of its own
    (`asyncio.to_thread`)."""
    use_language(identity.language)
    face = FACES[identity.subject_kind]
    zone = snapshot[face.author].get("time_zone") or "UTC"
    current.set(PageContext(language=identity.language, time_zone=zone))
    author, recipient = (_party(snapshot[side]) for side in (face.author, face.recipient))
    header, when = header_of(snapshot), dated(identity.subject_kind, snapshot)
    paper = Paper(
        title=face.title,
        number=str(header["number"]),
        revision=identity.revision,
        code=" ".join(identity.source[at : at + 4] for at in range(0, 12, 4)),
        checked_at=f"{settings().url}/verify",
        picture=_qr_code(f"{settings().url}/verify?code={identity.source[:12]}"),
        mark=mark(author["name"]),
        stamp=when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        day=when.astimezone(ZoneInfo(zone)).date(),
        pages=_pages(),
        author=author,
        recipient=recipient,
        header=_told(header),
        instants=Told({name: _moment(value) for name, value in header.items() if name.endswith("_at")}),
        lines=[_told(line) for line in snapshot.get("lines", ())],
        totals=_told(snapshot.get("totals") or {}),
        snapshot=_told(snapshot),
        letterhead=heading or Heading(),
    )
    pictures = {LOGO: heading.picture} if heading and heading.picture else {}
    return Sheet(render(template, sheet=paper), style(), pictures=pictures)


async def printed(template: str, pictures: Mapping[str, bytes] | None = None, **context: Any) -> bytes:
    """A template that is no record's document, with the pictures (PNG) that it names, set as PDF in the language of
    whoever asks; a Conflict says why not."""
    try:
        return await pdf_of(Sheet(render(template, pages=_pages(), **context), style(), pictures=dict(pictures or {})))
    except Unprintable as unprintable:
        raise Conflict(told(trouble_of(unprintable, {}).kept())) from unprintable


@cache
def style() -> str:
    folder = resource("templates") / "documents"
    return "\n".join((folder / name).read_text("utf-8") for name in STYLES)


@cache
def version_of(template: str) -> str:
    """Changes when the template, what it is made of or the style changes: the same snapshot then looks different."""
    parts = made_of(template)
    text = "\n".join(parts[name] for name in sorted(parts)) + style()
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def made_of(template: str) -> dict[str, str]:
    """The template and all that it extends or imports, near and far, by name."""
    folder, parts, left = resource("templates"), dict[str, str](), [template]
    while left:
        if (name := left.pop()) not in parts:
            parts[name] = (folder / name).read_text("utf-8")
            left += filter(None, find_referenced_templates(environment().parse(parts[name])))
    return parts


def _qr_code(address: str) -> Markup:
    """The address as a picture that the press draws without fetching anything: one path, in modules, with the quiet
    zone that ISO/IEC 18004 asks for."""
    return Markup(segno.make(address, micro=False, error="m").svg_inline(border=4, omitsize=True))  # noqa: S704 our own


def _told(value: Any) -> Any:
    """The same for templates: an address becomes its lines, a tax category gets its name."""
    if isinstance(value, str):
        return _isolated(value)
    if isinstance(value, Mapping):
        told = Told({name: _told(address_lines(part) if name in ADDRESSES else part) for name, part in value.items()})
        return told | {"category_name": CATEGORIES.get(told["category"], "")} if "category" in told else told
    return [_told(part) for part in value] if isinstance(value, list | tuple) else value


def _party(party: Mapping[str, Any]) -> Told:
    """The party, its address complete with the country that it is registered in."""
    address = dict(party.get("address") or {})
    return _told({**party, "address": {**address, "country": address.get("country") or party.get("country", "")}})


def _isolated(text: str) -> str:
    """A name that is written from right to left leaves the figures and points around it where they are: it stands
    between FSI and PDI (Unicode Standard Annex 9)."""
    if text.isascii() or not any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in text):
        return text
    return f"\u2068{text}\u2069"


def _moment(value: Any) -> datetime | str:
    return instant(value) if value else ""


def _pages() -> tuple[str, str, str]:
    """“Page n of m” around its two numbers, which only the press knows."""
    before, _first, rest = str(_("Page {n} of {all}", n="\x01", all="\x02")).partition("\x01")
    between, _second, after = rest.partition("\x02")
    return before, between, after
