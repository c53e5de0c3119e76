"""Bounds of what is read, and what stands at the foot of a document, as figures and pure functions."""

from collections.abc import Sequence
from typing import Any, Final

LARGEST: Final = 20_000_000  # bytes of a file to verify or to sign
MOST_PAGES: Final = 5_000
MOST_SIGNATURES: Final = 30
MOST_REVISIONS: Final = 120
CODE: Final = 12  # hexadecimal digits of a document's code
# What makes a PDF act, or hide, instead of say: none of it belongs into a file that is signed (ISO 32000-2, 12.6.4).
ACTIVE_KEYS: Final = frozenset({"/AA", "/JavaScript", "/JS", "/OCProperties", "/RichMedia", "/XFA"})
ACTIVE_ACTS: Final = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/GoToR", "/GoToE", "/Rendition", "/Hide"}
)
FORM_FIELDS: Final = frozenset({"/Tx", "/Btn", "/Ch"})


def code_of(text: str) -> str:
    """The code as somebody typed or scanned it: its hexadecimal digits; empty if it is none."""
    plain = "".join(text.split()).lower()
    return plain if len(plain) == CODE and all(sign in "0123456789abcdef" for sign in plain) else ""


def pdf_name(name: str) -> str:
    """The name of a file that is a PDF: it ends so, whatever its sender called it."""
    return name if name.lower().endswith(".pdf") else f"{name}.pdf"


def turn(first: str, places: Sequence[tuple[str, bool]]) -> frozenset[str]:
    """The sides that may sign now, of places given as (side, is signed): the one that signs first until all of its
    places are signed, then the other; both where no order was set."""
    open_sides = frozenset(side for side, is_signed in places if not is_signed)
    return frozenset({first}) if first in open_sides else open_sides


def open_place(person: Any, places: Sequence[Any]) -> Any:
    """Of the unsigned places of one's side the one that this person signs: theirs by name, else the first that is kept
    for nobody; None if all of them are kept for others."""
    own = next((place for place in places if place.meant_for == person), None)
    return own or next((place for place in places if place.meant_for is None), None)
