"""A notice as a mail: words in the reader's language, times in their zone, links to our own public address alone."""

from collections.abc import Callable
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from markupsafe import Markup

from portal.messaging.queries import Entry, Told
from portal.messaging.rules import NOTICES, PARTNER, RECORDS, TOLD, Notice, one_line
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _, use_language
from portal.platform.ids import new_id
from portal.platform.settings import settings
from portal.web.context import PageContext, current
from portal.web.formats import day, moment_text, money, quantity
from portal.web.render import render

_WHY = _("You get this mail because of your role at {organisation}. Times are those of {zone}.")


class Letter(msgspec.Struct, frozen=True):
    """What templates get to see."""

    subject: str
    name: str
    organisation: str
    lead: str
    facts: list[tuple[Message, str]]
    lines: list[str]
    more: int
    action: Message
    link: str
    address: str
    why: str


class Reading(NamedTuple):
    """Who reads a mail, and how."""

    name: str
    email: str
    language: str
    time_zone: str


def compose(message_id: UUID, at: datetime, reader: Actor, entry: Entry, told: Told, sender: str) -> EmailMessage:
    """The whole mail. Changes the language of this context: call it in one of its own (`asyncio.to_thread`).

    Raises ValueError for a person whose address is none.
    """
    sides = NOTICES[entry.event].sides
    notice = next((each for each in sides if entry.sides[each.side] == reader.organisation_id), sides[0])
    partner = told.values["partner"]
    whose = partner if entry.organisation_id != reader.organisation_id else reader.organisation_name
    reading = Reading(reader.name, reader.email, reader.language, reader.time_zone)
    return letter_mail(
        lambda: _letter(notice, reader, entry, told), reading, notice.template, sender, whose, at, message_id
    )


def letter_mail(
    write: Callable[[], Letter],
    reader: Reading,
    template: str,
    sender: str,
    whose: str,
    at: datetime,
    message_id: UUID | None = None,
) -> EmailMessage:
    """A letter as a mail, `write`n in its reader's language. One without an id of its own gets a random one."""
    use_language(reader.language)
    current.set(PageContext(language=reader.language, time_zone=reader.time_zone))
    letter, mail, message_id = write(), EmailMessage(policy=SMTP), message_id or new_id()
    mail["From"] = Address(one_line(whose), addr_spec=sender)
    mail["To"] = Address(one_line(reader.name), addr_spec=reader.email)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = name_of(message_id)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(render(f"{template}.txt", letter=letter), cte="quoted-printable")
    mail.add_alternative(render(f"{template}.html", letter=letter), subtype="html", cte="quoted-printable")
    mail["Content-Language"] = reader.language  # last: the parts would take it for theirs
    mail.set_boundary(f"=_{message_id.hex}")
    return mail


def name_of(message_id: UUID) -> str:
    """The mail's own name: sent twice, it is still the same mail to whoever keeps it."""
    return f"<{message_id}@{urlsplit(settings().url).hostname}>"


def _letter(notice: Notice, reader: Actor, entry: Entry, told: Told) -> Letter:
    shape = RECORDS[entry.kind]
    named: dict[str, Any] = {name: told.values.get(name) for name in shape.told}
    named |= {"number": entry.number, "partner": told.values["partner"]}
    values = told.values | {name: entry.told.get(name) for name in notice.told}
    labels = TOLD | {"partner": PARTNER[told.buys]}
    wanted = (*shape.told, *shape.priced, *notice.told)
    return Letter(
        subject=one_line(str(Message(notice.subject.text, named))),
        name=reader.name,
        organisation=reader.organisation_name,
        lead=str(Message(notice.lead.text, named)),
        facts=[(labels[name], said) for name in wanted if (said := _value(name, values.get(name), values))],
        lines=[_line(line, values.get("currency") or "") for line in told.lines],
        more=told.more,
        action=notice.action,
        link=settings().url + shape.href.format(id=told.values[shape.opens]),
        address=settings().url,
        why=str(Message(_WHY.text, {"organisation": reader.organisation_name, "zone": reader.time_zone})),
    )


def _value(name: str, value: Any, values: dict[str, Any]) -> str:
    if value and name.endswith(("_at", "payable_from")):
        return moment_text(value if isinstance(value, datetime) else datetime.fromisoformat(value))
    if value and name == "until":
        return day(date.fromisoformat(value))
    if isinstance(value, date):
        return day(value)
    if name == "gross" and value is not None:
        return _plain(money(value, values.get("currency") or ""))
    return str(value or "")


def _line(line: dict[str, Any], currency: str) -> str:
    """`5 pcs Washer M5 · 62.50 EUR`, without the amount for who may not see it."""
    if line["quantity"] is None:
        return str(line["description"])
    what = f"{_plain(quantity(line['quantity'], line['unit']))} {line['description']}"
    return what if line.get("net") is None else f"{what} · {_plain(money(line['net'], currency))}"


def _plain(text: str | Markup) -> str:
    return (text.striptags() if isinstance(text, Markup) else text).replace("\u00a0", " ")
