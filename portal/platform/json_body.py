"""A JSON body from outside, read without trusting it.

Refused with a sentence, never with a crash: bytes that are no UTF-8 or no JSON, nesting beyond the limit (a thousand
open brackets exhaust the stack of any decoder), numbers beyond what decoders hold, NUL and halves of surrogate pairs in
strings (PostgreSQL and UTF-8 cannot hold them). Of a repeated key the last value counts, as in every common decoder.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError, Problems, problem

DEEPEST: Final = 64
SEARCHED: Final = 1_000_000

_BRACKETS: Final = bytes.maketrans(b"{}", b"[]")
_REST: Final = bytes(set(range(256)) - set(b'"[]{}'))
_STRING: Final = re.compile(b'"[^"]*"')
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_UNFIT: Final = re.compile(r"[\x00\ud800-\udfff]")


def decode_json(body: bytes, max_depth: int = DEEPEST) -> Any:
    """The body as plain Python values; raises Problems."""
    guard(body, max_depth)
    try:
        return msgspec.json.decode(body)
    except RecursionError:
        raise problem("", _too_deep(max_depth)) from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise _explained(body) from None


def guard(body: bytes, max_depth: int = DEEPEST) -> None:
    """What a typed decoder would let pass: too deep a nesting, and NUL in strings. Costs some 20 ms for 10 MB."""
    if deeper_than(max_depth, body):
        raise problem("", _too_deep(max_depth))
    if rb"\u0000" in body and _NUL.search(body):
        raise _explained(body)


def deeper_than(limit: int, body: bytes) -> bool:
    """Whether brackets outside strings nest deeper than `limit`; of malformed JSON it may say either.

    Escapes go first, then everything but quotes and brackets. Two neighbouring quotes then either hold nothing between
    them or stand between two strings, so both can go. Each round of the loop removes the innermost pairs.
    """
    if body.count(b"[") + body.count(b"{") <= limit:
        return False
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = body.translate(_BRACKETS, _REST).replace(b'""', b"")
    if b'"' in brackets:
        brackets = _STRING.sub(b"", brackets)
    if b"[" * (limit + 1) in brackets:
        return True
    for _level in range(limit):
        inner = len(brackets)
        brackets = brackets.replace(b"[]", b"")
        if len(brackets) == inner:
            break
    return b"[]" in brackets or brackets.count(b"[") > limit


def _too_deep(max_depth: int) -> Message:
    return _("This is nested more than {limit} levels deep.", limit=max_depth)


def _explained(body: bytes) -> Problems:
    """Why a body was refused. The standard library's decoder takes more and so finds the fields at fault."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return problem("", _("The body must be JSON in UTF-8."))
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return problem(
            "", _("This is not JSON: see line {line}, column {column}.", line=error.lineno, column=error.colno)
        )
    except (ValueError, RecursionError):
        return problem("", _no_number())
    if len(body) > SEARCHED:
        return problem("", _unfit_text())
    errors = list(_unfit(value, ""))
    return Problems(errors) if errors else problem("", _no_number())


def _unfit(value: Any, path: str) -> Iterator[FieldError]:
    """The strings, and names of fields, that nothing behind this could hold."""
    match value:
        case str() if _UNFIT.search(value):
            yield FieldError(path, _unfit_text())
        case dict():
            for name, item in value.items():
                shown = joined(path, _UNFIT.sub("\ufffd", name))
                if _UNFIT.search(name):
                    yield FieldError(shown, _unfit_text())
                yield from _unfit(item, shown)
        case list():
            for index, item in enumerate(value):
                yield from _unfit(item, joined(path, str(index)))


def joined(path: str, name: str) -> str:
    """A dotted path; a name from outside is cut, so that an answer never grows with its question."""
    return f"{path}.{name[:100]}" if path else name[:100]


def _unfit_text() -> Message:
    return _("Text must not contain NUL or half of a surrogate pair.")


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _no_number() -> Message:
    return _('A number is out of range. Write numbers as text, such as "12.50".')
