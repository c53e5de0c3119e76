"""JSON of ours: numbers with all their digits and no exponent, whoever reads them.

msgspec writes a Decimal as Python does: one millionth of a cent as "1E-8". That happens so seldom that it is looked
for in what was written, and only then written again with every Decimal spelt out.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from portal.platform.decimals import plain

Hook = Callable[[Any], Any]


def plain_json(value: Any, hook: Hook | None = None) -> bytes:
    """The value as JSON; `hook` gives what msgspec does not know as something that it does."""
    written = msgspec.json.encode(value, enc_hook=hook)
    if b"E-" not in written and b"E+" not in written:
        return written
    return msgspec.json.encode(_spelt(msgspec.to_builtins(value, builtin_types=(Decimal,), enc_hook=hook)))


def _spelt(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return {key: _spelt(part) for key, part in value.items()}
    return [_spelt(part) for part in value] if isinstance(value, list | tuple) else value
