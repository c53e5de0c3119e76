"""The third wall: what a role may see inside a row.

A capability declares its guarded fields once, beside its output structs: permission → fields. Whatever leaves the
portal (page, JSON, file) goes through `visible` first; a field its reader may not see is None.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
Guarded = Mapping[str, frozenset[str]]


def visible(value: T, guarded: Guarded, may: Callable[[str], bool]) -> T:
    """The struct with every guarded field hidden that its reader may not see, at any depth."""
    hidden = frozenset().union(*(fields for permission, fields in guarded.items() if not may(permission)))
    if hidden:
        _hide(value, hidden)
    return value


def _hide(value: Any, hidden: frozenset[str]) -> None:
    if isinstance(value, list):
        for part in value:
            _hide(part, hidden)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            if name in hidden:
                setattr(value, name, None)
            else:
                _hide(getattr(value, name), hidden)
