"""What a row on a sheet of goods is of: printed beside the fields and never sent."""

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup


def are_placed(lines: Sequence[Any]) -> bool:
    """Whether rows must say which line of which order they are: their number on the sheet alone does not."""
    several = len({line.order_id for line in lines}) > 1
    return several or any(line.line != number for number, line in enumerate(lines, start=1))


def told(line: Any, placed: bool, more: Iterable[Markup] = ()) -> Markup:
    """The goods of an order line, with its place where that is needed and its item; `more` stands below."""
    place = f"{line.order_number} · {line.line}" if placed else ""
    under = " · ".join(filter(None, (place, line.item_number)))
    shown = Markup('<span class="what">{} <small class="under">{}</small>{}</span>')
    return shown.format(line.description, under, Markup("").join(more))
