"""How one value of an input is read: a type that stands in a form's annotation and knows its rule and its sentence.

    class Draft(Struct, forbid_unknown_fields=True):
        quantity: Quantity
        note: Text | None = None

A field type is a promise about a value, not a class that travels: `draft.quantity` is a plain Decimal, `draft.note` a
plain str, so they are written, encoded and compared like any other. Hence `isinstance` asks whether a value keeps the
promise: msgspec asks it of what `dec_hook` returns, Litestar before it calls `dec_hook` at all. Values arrive as JSON
strings or form fields, always text.
"""

import re
from decimal import Decimal
from typing import Any, Self, cast

from portal.platform.decimals import plain
from portal.platform.i18n import Message, _


class FieldType(type):
    """The class of all field types; compiles each one's rule when the type is declared."""

    native: type
    pattern: str
    example: str
    rule: re.Pattern[str]

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> None:
        super().__init__(name, bases, namespace)
        cls.rule = re.compile(cls.pattern)

    def __instancecheck__(cls, value: object) -> bool:
        """Any decimal or date may be one, since none arrives unread; a text must be one that would be taken."""
        return isinstance(value, cls.native) and (not isinstance(value, str) or cls.takes(value))

    def takes(cls, text: str) -> bool:
        return cls.rule.fullmatch(text) is not None and cls.admits(text)

    def expected(cls) -> Message:
        """The sentence for a person whose value was refused: what to enter, with an example."""
        raise NotImplementedError

    def admits(cls, text: str) -> bool:
        """What the pattern cannot say; asked only of text that matches it."""
        return True

    def made(cls, text: str) -> Any:
        """The plain value; raises ValueError where the text still is none (30 February)."""
        return text

    def typed(cls, text: str) -> str:
        """What a person typed into a page, as programs write it."""
        return text

    def schema(cls) -> dict[str, Any]:
        """The type in JSON Schema, for OpenAPI; `pattern` is valid in ECMA-262 as in Python."""
        described = {"type": "string", "pattern": cls.pattern, "examples": [cls.example]}
        return described | {"description": str(cls.expected())}

    def read(cls, raw: Any) -> Any:
        """The value of a JSON string or form field; raises ValueError carrying a Message."""
        if type(raw) is not str:
            raise ValueError(_("Send a text in quotes. {expected}", expected=cls.expected()))
        if not cls.takes(raw):
            raise ValueError(cls.expected())
        try:
            return cls.made(raw)
        except ValueError:
            raise ValueError(cls.expected()) from None


def is_field(kind: Any) -> bool:
    return type(kind) is FieldType


def dec_hook(kind: type, raw: Any) -> Any:
    """For msgspec and Litestar: reads `raw` as the field type `kind`."""
    if type(kind) is FieldType:
        return kind.read(raw)
    raise NotImplementedError(f"{kind.__name__} is no field type")


class Number(Decimal, metaclass=FieldType):
    """A decimal written plainly: no sign but a minus where allowed, no exponent, no leading zeros, ASCII digits."""

    native = Decimal
    pattern = "^$"
    example = "1"

    def __new__(cls, value: str | Decimal) -> Self:
        return cast(Self, cls.read(value if isinstance(value, str) else plain(value)))

    @classmethod
    def made(cls, text: str) -> Decimal:
        return Decimal(text)


class Words(str, metaclass=FieldType):
    """Text kept exactly as it came; `shortest` and `longest` count characters."""

    native = str
    pattern = "^$"
    example = "text"
    shortest = 1
    longest = 200

    def __new__(cls, value: str) -> Self:
        return cast(Self, cls.read(value))

    @classmethod
    def admits(cls, text: str) -> bool:
        return cls.shortest <= len(text) <= cls.longest and (text.isascii() or _encodable(text))

    @classmethod
    def schema(cls) -> dict[str, Any]:
        return FieldType.schema(cls) | {"minLength": cls.shortest, "maxLength": cls.longest}


class Listed(Words):
    """A code out of a published list, which `admits` asks; exact: case counts and nothing is trimmed."""

    @classmethod
    def schema(cls) -> dict[str, Any]:
        return FieldType.schema(cls)


def _encodable(text: str) -> bool:
    """Half of a surrogate pair has no bytes: neither the database nor a document could hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
