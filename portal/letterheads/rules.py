"""What a letterhead may be: a colour that is read on white, few and short lines, a small picture."""

from decimal import ROUND_DOWN, Decimal
from typing import Final

from portal.platform.i18n import Message, _

COLOUR: Final = "#1d4f7c"  # of documents of who has set none
LEAST_CONTRAST: Final = Decimal("4.5")  # WCAG 2.2, success criterion 1.4.3
MOST_LINES: Final = 4
LONGEST: Final = {"address": 90, "footer": 150}  # characters of a line
PICTURES: Final = ("logo", "seal")
LARGEST: Final = 1_000_000  # bytes of a picture that is brought
FAULTS: Final[dict[str, Message]] = {
    "kind": _("Choose a PNG, JPEG or WebP picture. An SVG is refused: it can hold programs."),
    "large": _("Choose a picture of at most 1 MB."),
    "pixels": _("Choose a picture of at most {most} million pixels.", most=8),
    "small": _("Choose a picture of at least {least} pixels in width and height.", least=16),
    "broken": _("This picture cannot be read to its end. Save it anew and try again."),
}


def contrast(colour: str) -> Decimal:
    """How a colour (#rrggbb) stands out from white, from 1 to 21, by the formula of WCAG 2.2; never rounded up."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return Decimal(1.05 / (luminance + 0.05)).quantize(Decimal("0.01"), ROUND_DOWN)


def against_colour(colour: str) -> Message | None:
    """What keeps a colour from being that of a document."""
    if (ratio := contrast(colour)) >= LEAST_CONTRAST:
        return None
    return _(
        "This colour has a contrast of {ratio} : 1 against white paper and is hard to read. It needs {least} : 1: "
        "choose a darker one.",
        ratio=ratio,
        least=LEAST_CONTRAST,
    )


def against_lines(name: str, text: str) -> Message | None:
    """What keeps lines from being under a name or at the foot of each page."""
    written = lines_of(text)
    if len(written) <= MOST_LINES and all(len(line) <= LONGEST[name] for line in written):
        return None
    return _("Enter at most {most} lines of {longest} characters each.", most=MOST_LINES, longest=LONGEST[name])


def lines_of(text: str) -> list[str]:
    """The lines that say something."""
    return [line.strip() for line in text.split("\n") if line.strip()]
