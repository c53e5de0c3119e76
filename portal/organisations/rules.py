"""What a supplier's standing brings to its orders: nothing, a warning, or a stop that an exception lifts for a time."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from portal.platform.i18n import Message, _

Consequence = Literal["none", "warn", "prevent_issue", "prevent_orders"]

CONSEQUENCES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "none": _("Nothing"),
        "warn": _("A warning on its orders"),
        "prevent_issue": _("Its orders are not issued"),
        "prevent_orders": _("No new orders are entered or issued"),
    }
)
# Until a buyer decides otherwise a figure warns and stops nothing. What has no standing brings nothing.
USUAL: Final[Mapping[str, str]] = MappingProxyType({"good": "none", "warn": "warn", "poor": "warn"})
NAMES: Final[Mapping[str, Message]] = MappingProxyType(
    {"good": _("Good"), "warn": _("Watch"), "poor": _("Poor"), "no_data": _("No data")}
)
_STOPS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"prevent_issue": frozenset({"issue"}), "prevent_orders": frozenset({"enter", "issue"})}
)


def consequences_of(kept: Mapping[str, str] | None) -> dict[str, str]:
    """What each standing brings, as the buyer decided, or usually."""
    return dict(USUAL) | dict(kept or {})


def stops(consequence: str, step: str) -> bool:
    """Whether orders are not to be entered (`enter`) or not to be issued (`issue`)."""
    return step in _STOPS.get(consequence, ())


def refusal(supplier: str, standing: str, step: str) -> Message:
    """Why an order is stopped, and what to do about it."""
    if step == "enter":
        return _(
            "No new orders go to {supplier}: its standing is “{standing}”. Choose another supplier, or ask the "
            "supplier manager for an exception.",
            supplier=supplier,
            standing=NAMES[standing],
        )
    return _(
        "Orders to {supplier} are not issued: its standing is “{standing}”. Ask the supplier manager for an exception, "
        "or cancel the order and order elsewhere.",
        supplier=supplier,
        standing=NAMES[standing],
    )
