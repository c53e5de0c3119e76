"""Why a document cannot be made, in the words of whoever reads its record: what it is, where it is, what helps.

It is kept with the document as a code and places, and put into words when somebody looks, in their language.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from portal.documents.press import MISSING, TOO_BIG, TOO_DEEP, TOO_LONG
from portal.documents.pressroom import EMPTY, TOO_SLOW, Unprintable
from portal.documents.rules import HEADERS, Snapshot
from portal.platform.i18n import Message, _

MOST_PLACES: Final = 12  # that are named; the rest is likely more of the same
MOST_LACKING: Final = 40  # characters that are named
WORDS: Final[Mapping[str, Message]] = {
    "buyer": _("Buying company"),
    "supplier": _("Supplier"),
    "name": _("Name"),
    "address": _("Address"),
    "ship_to": _("Ship to"),
    "deliver_to": _("Ship to"),
    "description": _("Description"),
    "note": _("Notes"),
    "text": _("Text"),
    "reason": _("Reason"),
    "payment_terms": _("Payment terms"),
    "item_number": _("Item number"),
    "substitute_item": _("Substitute item"),
    "batch": _("Batch"),
    "carrier": _("Carrier"),
    "tracking_number": _("Tracking number"),
    "number": _("Number"),
    "reference": _("Reference"),
    "contact": _("Contact"),
    "packages": _("Packages"),
    "charges": _("Charges"),
    "allowances": _("Allowances"),
    "street": _("Street"),
    "city": _("City"),
    "region": _("Region"),
}
TOLD: Final[Mapping[str, Message]] = {
    TOO_LONG: _("The text is too long for a document. Split the record into several; it stays valid as it is."),
    TOO_DEEP: _("The text cannot be laid out. Ask whoever runs the portal; the record stays valid as it is."),
    TOO_BIG: _("It takes more memory than a document may. Split the record into several; it stays valid as it is."),
    TOO_SLOW: _("It takes longer than a document may. Split the record into several; it stays valid as it is."),
    EMPTY: _("The press gave nothing back. Ask whoever runs the portal; the record stays valid as it is."),
}


class Trouble(msgspec.Struct, frozen=True, omit_defaults=True):
    """A code; the characters that no font has; and where they stand: (path in the snapshot, the characters there)."""

    code: str
    lacking: str = ""
    places: list[tuple[str, str]] = []

    def kept(self) -> str:
        return msgspec.json.encode(self).decode()


def trouble_of(unprintable: Unprintable, snapshot: Snapshot) -> Trouble:
    """What is kept of it, with the places of the snapshot that are at fault."""
    lacking = unprintable.lacking[:MOST_LACKING]
    found = [(path, here) for path, text in _texts(snapshot, "") if (here := _both(text, lacking))]
    return Trouble(unprintable.reason, lacking, found[:MOST_PLACES])


def told(kept: str) -> str:
    """What the reader is told of a document that failed, in the present language; empty for what has no words."""
    try:
        trouble = msgspec.json.decode(kept, type=Trouble)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return ""
    if trouble.code == MISSING:
        return str(_missing(trouble))
    return str(TOLD.get(trouble.code, ""))


def _missing(trouble: Trouble) -> Message:
    where = "; ".join(f"{_place(path)}: {_named(here)}" for path, here in trouble.places)
    return _(
        "No font of the portal has these characters, which would be printed as boxes: {where}. Write them in another "
        "way in the next revision or a new record, or ask whoever runs the portal for a font that has them. The record "
        "stays valid as it is.",
        where=where or _named(trouble.lacking),
    )


def _named(characters: str) -> str:
    return " ".join(f"{each} (U+{ord(each):04X})" for each in characters)


def _place(path: str) -> str:
    """“Line 3, Description” for `lines.3.description`; what has no words of its own is where its surroundings are."""
    said: list[str] = []
    parts = path.split(".")
    for before, part in zip(["", *parts], parts, strict=False):
        if part.isdecimal():
            said.append(str(_("Line {n}", n=part)) if before == "lines" else part)
        elif part in WORDS:
            said.append(str(WORDS[part]))
    return ", ".join(said) or str(_("Particulars"))


def _both(text: str, lacking: str) -> str:
    return "".join(each for each in lacking if each in text)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text of a snapshot with its path; a line goes by its own number, the record's header by nothing."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _texts(part, path if name in HEADERS else f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value, 1):
            number = part.get("line", place) if isinstance(part, Mapping) else place
            yield from _texts(part, f"{path}.{number}")
