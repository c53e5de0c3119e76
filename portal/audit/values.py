"""Single values of the log as every other page shows them: states, days, money, people, places."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from portal.access.words import named as permission_named
from portal.audit.codes import ANSWERS, KINDS, MATCHED_BY
from portal.audit.labels import is_technical, label
from portal.audit.places import shortened
from portal.audit.words import sentence
from portal.platform.i18n import LANGUAGES, _
from portal.platform.states import NAMES
from portal.platform.totals import CATEGORIES
from portal.platform.units import short
from portal.web import formats
from portal.web.looks import ROLES, look, roles
from portal.web.render import state

OF = "·"  # the table whose row it is, among the row's own columns
Names = Mapping[str, str]
Row = Mapping[str, Any]
Way = Callable[[Any, Row, Names], Any]


def shown(name: str, given: Any, row: Row, names: Names) -> Any:
    """The value of a column; `row` says its unit and currency, `names` whom an id means. Blank for what is empty."""
    if given is None or given in ("", [], {}):
        return ""
    if isinstance(given, bool):
        return _("Yes") if given else _("No")
    ending = next((way for end, way in _BY_ENDING.items() if name.endswith(end)), _listed)
    try:
        return _BY_NAME.get(name, ending)(given, row, names)
    except (ArithmeticError, ValueError, TypeError, AttributeError):  # a name within free data may mean anything
        return _listed(given, row, names)


def is_of_person(column: str) -> bool:
    return column == "person_id" or (column.endswith("_by") and column != "pay_by")


def _state(given: Any, row: Row, _names: Names) -> Any:
    """As the kind of record names it whose state it is; by what pages commonly say where that is not known."""
    own = NAMES.get(row.get(OF, ""), {}).get(given)
    return state(given) if own is None else state(given, {given: msgspec.structs.replace(look(given), label=own)})


def _money(given: Any, row: Row, _names: Names) -> Any:
    return formats.money(Decimal(given), row.get("currency") or row.get("limit_currency") or "")


def _price(given: Any, row: Row, _names: Names) -> Any:
    return formats.price(Decimal(given), row.get("currency") or "")


def _quantity(given: Any, row: Row, _names: Names) -> Any:
    return formats.quantity(Decimal(given), row.get("unit") or "")


def _basis(given: Any, row: Row, _names: Names) -> Any:
    return formats.quantity(Decimal(given), row.get("price_unit") or row.get("unit") or "")


def _percent(given: Any, _row: Row, _names: Names) -> Any:
    return f"{formats.quantity(Decimal(given))} %"


def _moment(given: Any, _row: Row, _names: Names) -> Any:
    return formats.moment(datetime.fromisoformat(given))


def _day(given: Any, _row: Row, _names: Names) -> Any:
    return formats.day(given)


def _days(given: Any, _row: Row, _names: Names) -> Any:
    return _("{n} days", n=given)


def _named(given: Any, _row: Row, names: Names) -> Any:
    return names.get(given, given)


def _place(given: Any, _row: Row, _names: Names) -> Any:
    """An address of a place by its lines; that of a computer, or one that is sealed, as it is told."""
    return given if isinstance(given, str) else ", ".join(formats.address_lines(given))


def _of(table: Mapping[str, Any]) -> Way:
    """A code by its name in a table; one that nobody knows stands for itself."""
    return lambda given, _row, _names: table.get(given, given)


def _called(name: Callable[[Any], Any]) -> Way:
    return lambda given, _row, _names: name(given)


def _listed(given: Any, row: Row, names: Names) -> Any:
    """Texts and figures as they are; lists and objects in words, one part after the other, without ids."""
    if isinstance(given, dict):
        parts = ((label(name), shown(name, part, row, names)) for name, part in given.items() if not is_technical(name))
        return ", ".join(f"{name}: {part}" for name, part in parts if part != "")
    return "; ".join(str(_listed(part, row, names)) for part in given) if isinstance(given, list) else str(given)


_BY_NAME: dict[str, Way] = {
    **dict.fromkeys(("state", "match_state", "standing", "resolution"), _state),
    **dict.fromkeys(("receipt_status", "despatch_status", "invoice_status"), _state),
    **dict.fromkeys(("net", "tax", "gross", "lines_net", "charges_net", "allowance", "amount"), _money),
    **dict.fromkeys(("prepaid", "rounding"), _money),
    **dict.fromkeys(("limit_gross", "limit_cumulative"), _money),
    **dict.fromkeys(
        ("quantity", "confirmed", "despatched", "in_inspection", "to_inspect", "received", "accepted"), _quantity
    ),
    **dict.fromkeys(("rejected", "returned", "returned_for_replacement", "invoiced", "credited"), _quantity),
    **dict.fromkeys(("outstanding_quantity", "closed_to", "minimum_quantity", "maximum_quantity"), _quantity),
    **dict.fromkeys(("discount", "tax_rate"), _percent),
    **dict.fromkeys(("valid_from", "valid_to"), _day),
    **dict.fromkeys(("permission", "wanted"), _called(permission_named)),
    **dict.fromkeys(("person_id", "organisation_id", "shown_to"), _named),
    **dict.fromkeys(("ship_to", "address"), _place),
    **dict.fromkeys(("unit", "price_unit"), _called(short)),
    **dict.fromkeys(("unit_price", "contract_price"), _price),
    "base_quantity": _basis,
    "lead_time_days": _days,
    "roles": _called(roles),
    "event": _called(sentence),
    "path": _called(shortened),
    "country": _called(formats.country),
    "tax_category": _of(CATEGORIES),
    "language": _of(LANGUAGES),
    "code": _of(ANSWERS),
    "kind": _of(KINDS),
    "match_basis": _of(MATCHED_BY),
    "owner_role": _of(ROLES),
}
_BY_ENDING: dict[str, Way] = {"_at": _moment, "_date": _day, "_on": _day, "_until": _day, "_by": _named}
