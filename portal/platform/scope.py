"""The third wall: what a role may see inside a row.

A capability declares its guarded fields once, beside its output structs: permission → fields. Whatever leaves the
portal (page, JSON, file) goes through `visible` first; a field its reader may not see is None. What only some rows must
hide, such as a quantity that is an amount of money, the struct says itself: `guarded_here`, permission → fields.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
Guarded = Mapping[str, frozenset[str]]


def visible(value: T, guarded: Guarded, may: Callable[[str], bool]) -> T:
    """The struct with every guarded field hidden that its reader may not see, at any depth."""
    refused = {permission: fields for permission, fields in guarded.items() if not may(permission)}
    if refused:
        _hide(value, frozenset().union(*refused.values()), refused.keys())
    return value


def _hide(value: Any, everywhere: frozenset[str], refused: Collection[str]) -> None:
    if isinstance(value, list):
        for part in value:
            _hide(part, everywhere, refused)
    elif isinstance(value, msgspec.Struct):
        here: Guarded = getattr(value, "guarded_here", {})
        hidden = everywhere.union(*(fields for permission, fields in here.items() if permission in refused))
        for name in value.__struct_fields__:
            if name in hidden:
                setattr(value, name, None)
            else:
                _hide(getattr(value, name), everywhere, refused)
