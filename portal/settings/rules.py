"""Levels of a tolerance: which step may deviate how far, and which level says so."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import msgspec

from portal.platform.decimals import plain
from portal.platform.i18n import Message, _
from portal.platform.tolerance import NONE, Tolerance

STEPS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "confirm_quantity": _("Answer: quantity"),
        "confirm_price": _("Answer: price"),
        "confirm_date": _("Answer: days late"),
        "despatch": _("Despatch: quantity"),
        "receive": _("Receipt: quantity"),
        "invoice_quantity": _("Invoice: quantity"),
        "invoice_price": _("Invoice: price"),
        "invoice_total": _("Invoice: total"),
    }
)
# An invoice may be of several orders and items: its total is no item's and no order's.
OF_GOODS: Final = tuple(step for step in STEPS if step != "invoice_total")
LEVELS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "order": _("from the order"),
        "item": _("from the item"),
        "supplier": _("from the supplier"),
        "company": _("from the company"),
        "usual": _("nobody said: none"),
    }
)


class Resolved(NamedTuple):
    """What holds for a step, and the level that says so."""

    step: str
    tolerance: Tolerance
    level: str


def resolved(step: str, levels: Iterable[tuple[str, Mapping[str, Any]]]) -> Resolved:
    """The first level that says anything of the step, from the nearest to the furthest."""
    for level, said in levels:
        tolerance = tolerance_of(said, step)
        if tolerance is not None:
            return Resolved(step, tolerance, level)
    return Resolved(step, NONE, "usual")


def tolerance_of(said: Mapping[str, Any], step: str) -> Tolerance | None:
    """What one level says of a step; None where it says nothing."""
    kept = said.get(step)
    tolerance = msgspec.convert(kept, Tolerance) if kept else None
    return None if tolerance is None or tolerance.silent else tolerance


def in_words(tolerance: Tolerance, step: str) -> Message:
    """As people read it: `5`, `2 %`, `5 or 2 %, whichever lets more through`."""
    if tolerance.unlimited:
        return _("unlimited")
    parts = [_part(tolerance, step)] if tolerance.absolute is not None else []
    parts += [_("{n} %", n=tolerance.percent)] if tolerance.percent is not None else []
    if len(parts) == 1:
        return parts[0]
    if tolerance.combine == "all":
        return _("{absolute} and {percent}, whichever is less", absolute=parts[0], percent=parts[1])
    return _("{absolute} or {percent}, whichever is more", absolute=parts[0], percent=parts[1])


def _part(tolerance: Tolerance, step: str) -> Message:
    if tolerance.absolute == 0:
        return _("none")
    return _("{n} days", n=tolerance.absolute) if step == "confirm_date" else _("{n}", n=tolerance.absolute)


def told(value: Mapping[str, Any]) -> Sequence[tuple[Message, Message]]:
    """What a version of tolerances says, step by step; what is blank inherits."""
    said = value["tolerances"]
    found = [(step, tolerance_of(said, step)) for step in STEPS]
    return [(STEPS[step], in_words(each, step)) for step, each in found if each is not None]


def typed(said: Mapping[str, Any]) -> dict[str, str]:
    """Tolerances as the fields of their form, by dotted name."""
    fields: dict[str, str] = {}
    for step in STEPS:
        if (each := tolerance_of(said, step)) is not None:
            parts = {name: part for name in ("absolute", "percent") if (part := getattr(each, name)) is not None}
            shown = {name: plain(part) for name, part in parts.items()} | {"combine": each.combine}
            shown |= {"unlimited": "1"} if each.unlimited else {}
            fields |= {f"tolerances.{step}.{name}": text for name, text in shown.items()}
    return fields


def kept(tolerances: Mapping[str, Tolerance | None]) -> dict[str, dict[str, Any]]:
    """Tolerances as they are kept: decimals as exact text, nothing of what is blank or usual."""
    return {step: _kept(each) for step, each in tolerances.items() if each is not None and not each.silent}


def _kept(each: Tolerance) -> dict[str, Any]:
    if each.unlimited:
        return {"unlimited": True}
    parts = {name: part for name in ("absolute", "percent") if (part := getattr(each, name)) is not None}
    return {name: plain(part) for name, part in parts.items()} | ({"combine": "all"} if each.combine == "all" else {})
