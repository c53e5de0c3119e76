"""Letterheads as they come in, as programs read them, and as documents wear them."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from portal.letterheads.rules import COLOUR, lines_of
from portal.platform.fields import Line, Text
from portal.platform.fields.kind import Words
from portal.platform.i18n import Message, _


class Colour(Words):
    """A colour as browsers write it."""

    pattern = "^#[0-9a-fA-F]{6}$"
    example = COLOUR
    longest = 7

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a colour as # and six digits 0–9 or a–f, such as {example}.", example=cls.example)


class Picture(Words):
    """The bytes of a picture in base64."""

    pattern = "^[A-Za-z0-9+/]*={0,2}$"
    example = "iVBORw0KGgo="
    longest = 1_400_000

    @classmethod
    def expected(cls) -> Message:
        return _("Send a picture of at most 1 MB in base64.")


class FewLines(Text):
    """What stands under a name, or at the foot."""

    longest = 700


class LogoText(Line):
    """What is read aloud for a picture."""

    longest = 120


class LetterheadForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The next edition. Without `logo` the present one stays, unless `without_logo`; `logo_text` is what is read aloud
    for it, without it the organisation's name; `seal` is the picture of the organisation's seal, kept and taken off
    likewise. Without `address` the registered one stands under the name."""

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "colour": "#14532d",
        "address": "Werkstraße 1 · 10115 Berlin",
        "footer": "Nordlicht Maschinenbau GmbH · HRB 12345 B, Amtsgericht Charlottenburg",
    }

    colour: Colour = Colour(COLOUR)
    address: FewLines | None = None
    footer: FewLines | None = None
    logo: Picture | None = None
    logo_text: LogoText | None = None
    without_logo: bool = False
    seal: Picture | None = None
    without_seal: bool = False


class LetterheadOut(msgspec.Struct, kw_only=True):
    """An edition; `logo` and `seal` are the SHA-256 of its pictures, null for none."""

    id: UUID
    version: int
    edition: int
    colour: str
    contrast: str
    address: list[str]
    footer: list[str]
    logo: str | None
    logo_text: str
    seal: str | None
    created_at: datetime
    created_by_name: str


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """A letterhead as a document wears it; `picture` is a PNG."""

    colour: str = COLOUR
    address: str = ""
    footer: str = ""
    picture: bytes = b""
    picture_text: str = ""

    @property
    def under_name(self) -> list[str]:
        return lines_of(self.address)

    @property
    def at_foot(self) -> list[str]:
        return lines_of(self.footer)
