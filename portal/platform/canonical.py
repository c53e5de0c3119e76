"""One sequence of bytes for one value, so that a hash taken today can be checked by anybody in ten years.

The form follows RFC 8785 (JSON Canonicalization Scheme): keys sorted by UTF-16 code units, no spaces, UTF-8, the
shortest string escapes. It differs where JSON numbers would lose digits: floats are refused, whole numbers keep all
their digits, decimals are strings as written (12.50 is not 12.5). Instants are UTC with microseconds and a Z; bytes are
base64url without padding. None is kept: an absent field and an empty one are two facts.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from json import JSONEncoder
from typing import Any, Final
from uuid import UUID

import msgspec

from portal.platform.decimals import plain

SALT_BYTES: Final = 16
LEAF: Final = b"portal.audit.leaf.v1"

_encoder: Final = JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"))


def canonical(value: Any) -> bytes:
    """Raises TypeError for what has no canonical form (floats, sets), ValueError for what has no bytes (naive instants,
    NaN, lone surrogates)."""
    return _encoder.encode(_simple(value)).encode()


def canonical_with(value: Mapping[str, Any], name: str, written: bytes) -> bytes:
    """The canonical bytes of an object with one field more, whose own canonical bytes are there already."""
    before = canonical({key: value[key] for key in value if key < name})
    after = canonical({key: value[key] for key in value if key > name})
    parts = (before[1:-1], b'"%b":%b' % (name.encode(), written), after[1:-1])
    return b"{%b}" % b",".join(part for part in parts if part)


def commit(salt: bytes, payload: bytes) -> bytes:
    """The leaf that the audit log seals: it reveals nothing of the payload to who lacks the salt.

    SHA-256 over a domain name, the salt's length, the salt and the payload, so no other pair of salt and payload, and
    no hash made for another purpose, has the same input. Erasing the salt leaves a log that still verifies.
    """
    if not SALT_BYTES <= len(salt) <= 255:
        raise ValueError(f"a salt has at least {SALT_BYTES} bytes")
    return hashlib.sha256(b"%b\x00%c%b%b" % (LEAF, len(salt), salt, payload)).digest()


def _simple(value: Any) -> Any:
    """The value in the terms of JSON. Exact types are looked up first: a bool is no int here, a datetime no date."""
    writer = _WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    for kind, writer in _KINDS:
        if isinstance(value, kind):
            return writer(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _object(value: Mapping[Any, Any]) -> dict[str, Any]:
    try:
        ascii_alone = "".join(value).isascii()
    except TypeError:
        raise TypeError("keys of an object are text") from None
    written = {}
    for key in sorted(value) if ascii_alone else sorted(value, key=_utf16):
        part = value[key]
        written[key] = part if type(part) in _PLAIN else _simple(part)
    return written


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


_PLAIN: Final = frozenset({str, bool, int, type(None)})


def _same(value: Any) -> Any:
    return value


def _array(value: Any) -> list[Any]:
    return [_simple(item) for item in value]


_WRITERS: Final[dict[type, Any]] = {
    type(None): _same,
    bool: _same,
    int: _same,
    str: _same,
    Decimal: plain,
    datetime: _instant,
    date: date.isoformat,
    UUID: str,
    bytes: lambda value: urlsafe_b64encode(value).rstrip(b"=").decode(),
    dict: _object,
    list: _array,
    tuple: _array,
}
# In this order: an enum may be a str too, and every datetime is a date.
_KINDS: Final[tuple[tuple[type, Any], ...]] = (
    (Enum, lambda value: _simple(value.value)),
    (msgspec.Struct, lambda value: _object(msgspec.structs.asdict(value))),
    (UUID, str),
    (datetime, _instant),
    (date, date.isoformat),
    (Decimal, plain),
    (str, str.__str__),
    (Mapping, _object),
    (list, _array),
    (tuple, _array),
)
