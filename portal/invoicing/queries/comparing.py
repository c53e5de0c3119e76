"""A received file beside what was made of it: an invoice, or a credit note."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from portal.access.guards import allowed, require
from portal.invoicing.forms import Content, FileDifference, LeftOutOut, ReceivedLine, ReceivedOut
from portal.invoicing.queries.files import Kept, opened
from portal.invoicing.rules import ADVANCE, unfit
from portal.invoicing.rules.einvoice import invoice_of
from portal.invoicing.rules.received.differing import LONGEST, Difference, differing, line_differing
from portal.invoicing.rules.received.naming import HEADER
from portal.platform.decimals import ZERO
from portal.platform.einvoice.accounts import without_accounts
from portal.platform.einvoice.arriving import invoice_from
from portal.platform.einvoice.model import Invoice as Document
from portal.platform.i18n import Message
from portal.platform.refusals import NotFound
from portal.platform.work import View

ACCOUNTS: Final = "bank-accounts:reveal"
_FACTS: Final = ("name", "media_type", "syntax", "sha256", "size", "received_at")


class Made(NamedTuple):
    """What was made of a file: what the portal writes of it, the number of each line by that of which it is (`key`
    names it in what was kept), and the words for lines that it has none of."""

    said: Mapping[str, Any]
    lines: Mapping[str, int]
    why: Mapping[str, Message]
    key: str


async def handed(view: View, kept: Kept | None) -> Content:
    """The file as it came. One that names a bank account is handed to whoever may read full numbers of accounts."""
    if kept is None:
        raise NotFound()
    if kept.names_account:
        require(view.actor, ACCOUNTS)
    return Content(kept.name, kept.media_type, await opened(kept))


async def compared(view: View, kept: Kept, made: Made) -> ReceivedOut:
    said = (await asyncio.to_thread(invoice_from, await opened(kept))).document
    here = invoice_of(made.said)
    why = _unfit(said, here)
    return ReceivedOut(
        **{name: getattr(kept, name) for name in _FACTS},
        readable=not kept.names_account or allowed(view.actor, ACCOUNTS),
        differences=[_told(each, why.get(each.term.number)) for each in differing(said, here)],
        lines=list(_lines(said, here, kept.lines, made)),
        left_out=[LeftOutOut(**each) for each in kept.left_out],
    )


def _lines(said: Document, here: Document, kept: Sequence[Mapping[str, Any]], made: Made) -> Iterator[ReceivedLine]:
    """Line by line of the file, those that became one line together."""
    written = {line.id: line for line in here.lines}
    together: dict[str, list[Any]] = {}
    for place, (line, pair) in enumerate(zip(said.lines, kept, strict=True)):
        together.setdefault(pair[made.key] or str(place), []).append((line, pair))
    for key, several in together.items():
        of, number = [line for line, _pair in several], made.lines.get(key)
        mine = written.get(str(number)) if number else None
        why = several[0][1]["why"]
        yield ReceivedLine(
            ids=[line.id for line in of],
            name=without_accounts(of[0].name, LONGEST),
            quantity=of[0].quantity,
            unit=of[0].unit,
            net=of[0].net,
            line=number,
            why=str(made.why[why]) if why else None,
            differences=[_told(each) for each in line_differing(of, mine)] if mine else [],
        )


def _unfit(said: Document, here: Document) -> dict[str, Message]:
    """What of the file’s advance and rounding is left out of an invoice, and why, by its term. Those of a credit note
    are reckoned, not taken over."""
    if said.is_credit:
        return {}
    found = dict(unfit(said.prepaid or ZERO, said.rounding or ZERO, here.gross, said.currency))
    return {HEADER[name].number: found[name] for name in ADVANCE if name in found and not getattr(here, name)}


def _told(found: Difference, why: Message | None = None) -> FileDifference:
    return FileDifference(found.term.number, str(found.term.name), found.said, found.here, why and str(why))
