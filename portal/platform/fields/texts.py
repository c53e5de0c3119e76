"""Text in forms. It never carries what a document or a reader's eye cannot bear.

Refused are control characters, NUL, halves of surrogate pairs, characters that turn the direction of writing, and
characters that XML forbids. Nothing is trimmed or folded: what is kept is what was sent.
"""

from typing import Any, Final

from portal.platform.fields.kind import FieldType, Words
from portal.platform.i18n import Message, _

# Never in any text: controls, line and paragraph separators, directional overrides, XML's two non-characters.
FORBIDDEN: Final = r"\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff"
CONTROLS: Final = r"\x00-\x1f" + FORBIDDEN
CONTROLS_BUT_BREAKS: Final = r"\x00-\x08\x0b-\x1f" + FORBIDDEN
# Allowed beside what is seen (emoji and some scripts need them), but saying nothing by themselves.
UNSEEN: Final = (
    r"\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2064\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
)


class Line(Words):
    """One line that says something. Shorter ones are declared as `class Carrier(Line): longest = 60`."""

    pattern = rf"^([^{CONTROLS}\S]|[{UNSEEN}])*[^{CONTROLS}{UNSEEN}\s][^{CONTROLS}]*$"

    @classmethod
    def expected(cls) -> Message:
        return _(
            "Enter one line of text of at most {longest} characters, without control characters.", longest=cls.longest
        )


class Text(Words):
    """Several lines, or none; line breaks are kept as \\n, whichever way the browser sent them."""

    pattern = rf"^[^{CONTROLS_BUT_BREAKS}]*$"
    shortest = 0
    longest = 4000

    @classmethod
    def read(cls, raw: Any) -> Any:
        return FieldType.read(cls, raw.replace("\r\n", "\n") if isinstance(raw, str) else raw)

    @classmethod
    def expected(cls) -> Message:
        return _("Enter text of at most {longest} characters, without control characters.", longest=cls.longest)


class Why(Text):
    """Several lines that say something: a reason that others will read."""

    pattern = rf"^([^{CONTROLS_BUT_BREAKS}\S]|[{UNSEEN}])*[^{CONTROLS_BUT_BREAKS}{UNSEEN}\s][^{CONTROLS_BUT_BREAKS}]*$"
    shortest = 1

    @classmethod
    def expected(cls) -> Message:
        return _("Say why, in at most {longest} characters without control characters.", longest=cls.longest)


class Code(Words):
    """A number or key somebody else gave (an invoice number, a batch): exact, so blanks around it are refused, not
    trimmed."""

    pattern = rf"^[^{CONTROLS}\s]([^{CONTROLS}]*[^{CONTROLS}\s])?$"
    example = "A-1042"
    longest = 100

    @classmethod
    def expected(cls) -> Message:
        return _(
            "Enter a code of at most {longest} characters without blanks around it, such as {example}.",
            longest=cls.longest,
            example=cls.example,
        )


class Phone(Words):
    """A telephone number as people write it, with its country in front or without."""

    pattern = r"^\+?[0-9]([0-9 ()/.-]*[0-9])?$"
    example = "+49 30 901820"
    shortest = 5
    longest = 30

    @classmethod
    def expected(cls) -> Message:
        return _("Enter a telephone number in digits, such as {example}.", example=cls.example)


class Secret(Words):
    """A password or one-time code, compared and never stored; blanks count."""

    pattern = r"^[^\x00]*$"
    example = "correct horse battery staple"
    longest = 1000

    @classmethod
    def expected(cls) -> Message:
        return _("Enter at most {longest} characters.", longest=cls.longest)


class Email(Words):
    """An address in ASCII (an international domain in its xn-- form), kept as written."""

    pattern = (
        r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
        r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$"
    )
    example = "name@example.com"
    shortest = 6
    longest = 254

    @classmethod
    def admits(cls, text: str) -> bool:
        return len(text) <= cls.longest and text.index("@") <= 64

    @classmethod
    def expected(cls) -> Message:
        return _("Enter an e-mail address such as {example}.", example=cls.example)
