"""The parameters of a list's address, read like a form: what stands there and is not ours is no fault."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from portal.platform.convert import Problems, convert
from portal.platform.refusals import Invalid

T = TypeVar("T", bound=msgspec.Struct)


def read_query(parameters: Mapping[str, str], struct: type[T]) -> T:
    """Blank parameters are absent ones, as a browser sends every empty box; raises `Invalid`."""
    known = struct.__struct_encode_fields__
    given = {name: value for name, value in parameters.items() if value.strip() and name in known}
    try:
        return convert(struct, given, lenient=True)
    except Problems as problems:
        raise Invalid(errors=problems.errors) from problems
