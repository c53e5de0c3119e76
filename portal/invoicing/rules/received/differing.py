"""What a received e-invoice says otherwise than the invoice that was made of it, term by term.

Every term that the file states is held against what the portal itself would write of the invoice. What it does not
state is no difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Final, NamedTuple

import msgspec

from portal.invoicing.rules.received.naming import HEADER, LINE, UNTOLD, Term
from portal.platform.decimals import plain, total
from portal.platform.einvoice.accounts import hidden, without_accounts
from portal.platform.einvoice.model import Adjustment, Invoice, Line, PaymentMeans, Tax

LONGEST: Final = 300  # characters of a text that is told


class Difference(NamedTuple):
    """A term, what the file says of it, and what the invoice says; "" where it says nothing."""

    term: Term
    said: str
    here: str


def differing(said: Invoice, here: Invoice) -> list[Difference]:
    """Of the invoice as a whole."""
    return [Difference(HEADER[path], *texts) for path, *texts in _walk(said, here)]


def line_differing(said: Sequence[Line], here: Line) -> list[Difference]:
    """Of one line, which may stand for several of the file."""
    first = said[0]
    if len(said) > 1:
        sums = {name: total(getattr(line, name) for line in said) for name in ("quantity", "net")}
        first = msgspec.structs.replace(first, **sums)
    return [Difference(LINE[path], *texts) for path, *texts in _walk(first, here)]


def _walk(said: Any, here: Any, above: str = "") -> Iterator[tuple[str, str, str]]:
    for name in said.__struct_fields__:
        value, own = getattr(said, name), getattr(here, name)
        if name in UNTOLD or value in (None, "", ()) or (not value and not own):
            continue
        if isinstance(value, tuple):
            yield from _several(f"{above}{name}", value, own)
        elif isinstance(value, msgspec.Struct):
            yield from _walk(value, own or type(value)(), f"{above}{name}.")
        elif value != own:
            yield f"{above}{name}", _text(value), _text(own)


def _several(path: str, said: tuple[Any, ...], here: tuple[Any, ...]) -> Iterator[tuple[str, str, str]]:
    """Those that the other side does not have, side by side as far as there are any."""
    left = [each for each in said if not any(_says(other, each) for other in here)]
    own = [each for each in here if each not in said] if left else []
    for one, other in zip_longest(left, own):
        yield path, _text(one), _text(other)


def _says(here: Any, said: Any) -> bool:
    """Whether one says all that the other states."""
    return all(value in (None, "", ()) or getattr(here, name) == value for name, value in _fields(said))


def _fields(struct: Any) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(struct, name)) for name in struct.__struct_fields__)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, msgspec.Struct):
        return _TOLD.get(type(value), _joined)(value)
    return plain(value) if isinstance(value, Decimal) else without_accounts(str(value), LONGEST)


def _joined(struct: Any, but: Sequence[str] = ()) -> str:
    values = (_text(getattr(struct, name)) for name in struct.__struct_fields__ if name not in but)
    return " · ".join(filter(None, values))


def _part(part: Adjustment) -> str:
    sign = "+" if part.charge else "−"
    percent = "" if part.percent is None else f"{plain(part.percent)} %"
    taxed = " ".join(filter(None, (part.category, _text(part.rate))))
    return " · ".join(filter(None, (part.reason, part.reason_code, percent, f"{sign}{plain(part.amount)}", taxed)))


def _means(means: PaymentMeans) -> str:
    """Of an account the end alone: not everybody who reads prices may read accounts."""
    shown = hidden(means.account) if means.account else ""
    return " · ".join(filter(None, (_joined(means, ("account",)), shown)))


def _tax(row: Tax) -> str:
    rate = "" if row.rate is None else f"{plain(row.rate)} %"
    return " · ".join(filter(None, (f"{row.category} {rate}".strip(), plain(row.base), plain(row.tax), row.reason)))


_TOLD: Final[Mapping[type, Any]] = {Adjustment: _part, PaymentMeans: _means, Tax: _tax}
