"""Reads what came from outside into a form's struct, and names every problem at once.

msgspec stops at the first problem and words it for programmers. `read` therefore decodes with msgspec, and only where
that fails goes the long way of `convert`, which accepts and refuses the same (a property test holds them together) and
tells a person about each field by its dotted path.

A form is a Struct of field types, ids, choices, booleans, whole numbers and lists with bounds, and other Structs. What
has no bound (`str`, `int`, `float`, `Decimal`, a list without `max_length`) raises TypeError at the form's first use. A
form's `__post_init__` may raise ValueError (a problem of the whole) or Problems (of its fields).
"""

from collections.abc import Callable
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin
from uuid import UUID

import msgspec

from portal.platform.fields import dec_hook, is_field
from portal.platform.form_data import from_form
from portal.platform.i18n import Message, _
from portal.platform.json_body import DEEPEST, decode_json, guard, joined
from portal.platform.problems import MOST, FieldError, Problems, Together

__all__ = ["FieldError", "Problems", "convert", "decode_json", "from_form", "read"]

T = TypeVar("T")
FAILED: Final = object()
TRUE: Final = frozenset(("on", "true", "1"))
FALSE: Final = frozenset(("off", "false", "0"))


class Reading:
    """One input on its way: the problems so far, and whether it came from an HTML form, where all is text."""

    __slots__ = ("errors", "lenient")

    def __init__(self, lenient: bool) -> None:
        self.errors: list[FieldError] = []
        self.lenient = lenient

    def refuse(self, path: str, message: Message | str) -> Any:
        if len(self.errors) < MOST:
            self.errors.append(FieldError(path, message))
        return FAILED


Reader = Callable[[Any, str, Reading], Any]


def read(form: type[T], body: bytes, max_depth: int = DEEPEST) -> T:
    """The form in a JSON body; an empty body counts as `{}`. Raises Problems."""
    body = body if body.strip() else b"{}"
    guard(body, max_depth)
    try:
        return _decoder(form).decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, Problems):
        return convert(form, decode_json(body, max_depth))


def convert(form: type[T], raw: Any, *, lenient: bool = False) -> T:
    """The form in plain values, as JSON or `from_form` (then `lenient`) gives them; raises Problems.

    Lenient reading takes `on` for true, an absent box for false, digits for a whole number, one value for a list.
    """
    reading = Reading(lenient)
    value = _reader(form)(raw, "", reading)
    if reading.errors:
        raise Problems(reading.errors)
    return value


@cache
def _decoder(form: type[T]) -> msgspec.json.Decoder[T]:
    _reader(form)
    return msgspec.json.Decoder(form, dec_hook=dec_hook)


@cache
def _reader(annotation: Any) -> Reader:
    """How a value of this annotation is read; raises TypeError for what no form may hold."""
    bare, meta = _unwrapped(annotation)
    if get_origin(bare) in (Union, UnionType):
        return _optional_reader(bare)
    if get_origin(bare) is list:
        return _required(_list_reader(_reader(get_args(bare)[0]), meta))
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return _required(_struct_reader(bare))
    if is_field(bare):
        return _required(_field_reader(bare))
    return _required(_plain_reader(annotation, bare, meta))


def _unwrapped(annotation: Any) -> tuple[Any, msgspec.Meta]:
    if get_origin(annotation) is Annotated:
        bare, *notes = get_args(annotation)
        return bare, next((note for note in notes if isinstance(note, msgspec.Meta)), msgspec.Meta())
    return annotation, msgspec.Meta()


def _required(inner: Reader) -> Reader:
    def read_required(raw: Any, path: str, reading: Reading) -> Any:
        return reading.refuse(path, _("This field is required.")) if raw is None else inner(raw, path, reading)

    return read_required


def _optional_reader(union: Any) -> Reader:
    options = [option for option in get_args(union) if option not in (NoneType, msgspec.UnsetType)]
    if len(options) != 1:
        raise TypeError(f"a field has one meaning, not those of {union}")
    inner = _reader(options[0])
    if NoneType not in get_args(union):
        return inner

    def read_optional(raw: Any, path: str, reading: Reading) -> Any:
        return None if raw is None else inner(raw, path, reading)

    return read_optional


def _field_reader(kind: Any) -> Reader:
    def read_field(raw: Any, path: str, reading: Reading) -> Any:
        try:
            return kind.read(kind.typed(raw) if reading.lenient and isinstance(raw, str) else raw)
        except ValueError as refusal:
            return reading.refuse(path, refusal.args[0])

    return read_field


def _list_reader(item: Reader, meta: msgspec.Meta) -> Reader:
    least, most = meta.min_length or 0, meta.max_length
    if most is None:
        raise TypeError("a list needs its bound: Annotated[list[…], Meta(max_length=…)]")

    def read_list(raw: Any, path: str, reading: Reading) -> Any:
        rows = [raw] if reading.lenient and isinstance(raw, str) else raw
        if not isinstance(rows, list):
            return reading.refuse(path, _("Send a list."))
        if len(rows) < least:
            return reading.refuse(path, _("Enter at least {least}.", least=least))
        if len(rows) > most:
            return reading.refuse(path, _("Enter at most {most}.", most=most))
        return [item(row, joined(path, str(index)), reading) for index, row in enumerate(rows)]

    return read_list


def _struct_reader(form: type[msgspec.Struct]) -> Reader:
    config = form.__struct_config__
    if config.tag is not None or config.array_like:
        raise TypeError(f"{form.__name__}: a form is an object without a tag")
    fields = [(field, _reader(field.type)) for field in msgspec.structs.fields(form)]
    known = frozenset(field.encode_name for field, _reader_of_field in fields)

    def read_struct(raw: Any, path: str, reading: Reading) -> Any:
        if not isinstance(raw, dict):
            return reading.refuse(path, _("Send an object with named fields."))
        before = len(reading.errors)
        values: dict[str, Any] = {}
        for field, inner in fields:
            if field.encode_name in raw:
                values[field.name] = inner(raw[field.encode_name], joined(path, field.encode_name), reading)
            elif field.required and reading.lenient and field.type is bool:
                values[field.name] = False
            elif field.required:
                reading.refuse(joined(path, field.encode_name), _("This field is required."))
        if config.forbid_unknown_fields:
            for name in raw:
                if name not in known:
                    reading.refuse(joined(path, name), _("There is no field of this name."))
        if len(reading.errors) == before:
            return _made(form, values, path, reading)
        if issubclass(form, Together):
            told = {error.field for error in reading.errors[before:]}
            for error in form.together({name: value for name, value in values.items() if value is not FAILED}):
                if joined(path, error.field) not in told:
                    reading.refuse(joined(path, error.field), error.message)
        return FAILED

    return read_struct


def _made(form: type[msgspec.Struct], values: dict[str, Any], path: str, reading: Reading) -> Any:
    """The struct, or what its `__post_init__` finds when the fields are seen together."""
    try:
        return form(**values)
    except Problems as problems:
        for error in problems.errors:
            reading.refuse(joined(path, error.field), error.message)
    except (ValueError, TypeError) as refusal:
        reading.refuse(path, refusal.args[0])
    return FAILED


def _plain_reader(annotation: Any, bare: Any, meta: msgspec.Meta) -> Reader:
    """Booleans, whole numbers, ids and choices: msgspec decides, the sentence is ours."""
    expected = _expected(bare, meta)

    def read_plain(raw: Any, path: str, reading: Reading) -> Any:
        value = _from_text(bare, raw) if reading.lenient and isinstance(raw, str) else raw
        try:
            return msgspec.convert(value, annotation)
        except msgspec.ValidationError:
            return reading.refuse(path, expected)

    return read_plain


def _from_text(bare: Any, text: str) -> Any:
    """What a form field's text means as a boolean or a whole number; any other text stays text."""
    if bare is bool and text in TRUE | FALSE:
        return text in TRUE
    if bare is int and text.isascii() and text.isdecimal() and len(text) < 19:
        return int(text)
    return text


def _expected(bare: Any, meta: msgspec.Meta) -> Message:
    if bare is bool:
        return _("Send true or false.")
    if bare is int and meta.ge is not None and meta.le is not None:
        return _("Enter a whole number from {least} to {most}.", least=meta.ge, most=meta.le)
    if bare is UUID:
        return _("Send an id such as {example}.", example="0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b")
    if get_origin(bare) is Literal:
        return _("Choose one of {choices}.", choices=", ".join(map(str, get_args(bare))))
    if isinstance(bare, type) and issubclass(bare, Enum):
        return _("Choose one of {choices}.", choices=", ".join(str(choice.value) for choice in bare))
    raise TypeError(f"{bare} has no bound: use a field type, or a whole number with Meta(ge=…, le=…)")
