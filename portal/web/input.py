"""Forms of a browser: read as they were typed, checked by the same structs as JSON, never lost on an error."""

from typing import Any, TypeVar

from litestar import Request

from portal.platform.convert import Problems, convert, from_form
from portal.platform.refusals import Invalid
from portal.web.forms import Form

T = TypeVar("T")
OURS = {"_csrf", "next"}


class Typed:
    """What a person typed: `values` by dotted name, as text."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs
        self.values: dict[str, str] = dict(pairs)

    def convert(self, struct: type[T], *, only: tuple[str, ...] = (), **defaults: Any) -> T:
        """The form as a `struct`; raises `Invalid` with all problems at once."""
        wanted = [(n, v) for n, v in self.pairs if n not in OURS and (not only or n.split(".")[0] in only)]
        try:
            return convert(struct, defaults | from_form(wanted), lenient=True)
        except Problems as problems:
            raise Invalid(errors=problems.errors) from problems

    def again(self, refusal: Invalid) -> Form:
        """The form to show again: every value kept, every problem at its field."""
        return Form.typed(self.values, refusal.errors)


async def read_form(request: Request[Any, Any, Any]) -> Typed:
    data = await request.form()
    return Typed([(name, value) for name, value in data.multi_items() if isinstance(value, str)])
