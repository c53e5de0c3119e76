"""Forms of a browser: read as they were typed, checked by the same structs as JSON, never lost on an error."""

from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.datastructures import FormMultiDict

from portal.platform.actor import Actor
from portal.platform.convert import Problems, convert, from_form
from portal.platform.fields import Text
from portal.platform.form_data import FIELDS, ROWS
from portal.platform.i18n import Message, _
from portal.platform.refusals import Invalid, Malformed, Refusal, TooLarge
from portal.web.forms import Form

T = TypeVar("T")
OURS = {"_csrf", "next"}


class Reason(msgspec.Struct, forbid_unknown_fields=True):
    """Why: shown to whoever the act concerns."""

    reason: Text | None = None


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


async def form_data(request: Request[Any, Any, Any]) -> FormMultiDict:
    """The form as it was sent; a part of it may name a character set that nobody knows, or lie about it."""
    try:
        return await request.form()
    except (LookupError, UnicodeError) as error:
        raise Malformed(_("This form is not written in a character set that can be read. Send it as UTF-8.")) from error


async def read_form(request: Request[Any, Any, Any]) -> Typed:
    """The form as it was typed; one that would make a page of many thousand rows is refused, not shown again."""
    data = await form_data(request)
    pairs = [(name, value) for name, value in data.multi_items() if isinstance(value, str)]
    if len(pairs) > FIELDS or len({name.rpartition(".")[0] for name, _value in pairs}) > 2 * ROWS:
        raise TooLarge(_("This form has more than {limit} fields.", limit=FIELDS))
    return Typed(pairs)


def reason_of(form: Typed, insists: Message | None = None) -> str:
    """The reason that a page's form brings; without one, raises `Invalid` with the sentence `insists`."""
    reason = (form.convert(Reason, only=("reason",)).reason or "").strip()
    if insists is not None and not reason:
        raise Invalid.field("reason", insists)
    return reason


def as_seen(actor: Actor, form: Typed) -> Actor:
    """The actor acting on the version that the page showed: whoever approves has seen what they approve."""
    seen = form.values.get("version", "")
    if not (seen.isascii() and seen.isdecimal() and len(seen) < 10):
        return actor
    return msgspec.structs.replace(actor, request=msgspec.structs.replace(actor.request, if_match=int(seen)))


def refused(shown: Response[Any], refusal: Refusal) -> Response[Any]:
    """A page that is shown again with what was typed, under the status of the refusal that it tells of."""
    shown.status_code = refusal.status
    return shown
