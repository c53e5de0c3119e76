"""What the entry form offers to choose from, and the columns of its grid of lines."""

from collections.abc import Callable
from typing import Any, NamedTuple

from portal.orders.forms import MATCH_BASES
from portal.orders.pages.kinds import LINE_KINDS
from portal.orders.states import KINDS
from portal.organisations.queries import payment_terms, site_choices, supplier_choices, supplier_currency
from portal.platform.i18n import Message, _
from portal.platform.money import CURRENCIES, FUNDS
from portal.platform.totals import choices as tax_choices
from portal.platform.units import labelled
from portal.platform.work import View
from portal.web.formats import currency_name
from portal.web.forms import Form
from portal.web.parts import LineColumn

Pairs = list[tuple[str, Message | str]]
# The currencies offered first; all others follow by code.
_USUAL = ("EUR", "USD", "CNY", "GBP", "CHF", "JPY")
_SEARCHED_FROM = 20


class Choices(NamedTuple):
    """Suppliers, sites and currencies of this buyer."""

    suppliers: list[tuple[str, str]]
    sites: list[Any]
    agreed: str
    terms: list[str]

    def currency_of(self, form: Form) -> str:
        """The chosen currency, else the one agreed with the chosen supplier."""
        return form.value("currency") or self.agreed

    def told(self, form: Form) -> dict[str, Any]:
        currencies = [*_USUAL, *(code for code in CURRENCIES if code not in FUNDS and code not in _USUAL)]
        return {
            "suppliers": self.suppliers,
            "searches": len(self.suppliers) > _SEARCHED_FROM,
            "sites": [(str(site["id"]), site["name"]) for site in self.sites],
            "currencies": [(code, f"{code} · {currency_name(code)}") for code in currencies],
            "kinds": KINDS,
            "terms": _terms(self.terms, form.value("payment_terms")),
            "elsewhere": _uses(form, lambda name: name.startswith("ship_to.")),
            "extras": _uses(form, lambda name: name.startswith("lines.") and name.endswith(_EXTRAS)),
        }


async def choices(view: View, supplier: str) -> Choices:
    """What an order to this supplier, or to one still to be chosen, may say."""
    suppliers, sites = await supplier_choices(view, supplier), await site_choices(view)
    terms = [term.name for term in await payment_terms(view, retired=False)]
    return Choices(suppliers, sites, await supplier_currency(view, supplier), terms)


def _terms(offered: list[str], present: str) -> list[tuple[str, str]]:
    """The terms that the company offers, and what a draft says otherwise."""
    return [(name, name) for name in (*offered, *([present] if present and present not in offered else []))]


def line_columns(form: Form) -> list[LineColumn]:
    """The grid's columns; those of `_EXTRAS` are shown when asked for, or when a line uses one."""
    units = _units(form)
    return [
        LineColumn("filled", "", "hidden"),
        LineColumn("item", _("Item"), width="narrow", list="items", more=_ASKS),
        LineColumn("description", _("Description"), width="wide", required=True),
        LineColumn("quantity", _("Quantity"), "number", "narrow", required=True),
        LineColumn("unit", _("Unit"), "select", "narrow", units, required=True),
        LineColumn("unit_price", _("Unit price"), "number", "narrow", required=True),
        LineColumn("base_quantity", _("Price per"), "number", "narrow"),
        LineColumn("price_unit", _("Price unit"), "select", "narrow", units),
        LineColumn("discount", _("Discount %"), "number", "narrow"),
        LineColumn("tax_category", _("Tax category"), "select", "narrow", tax_choices(), "S", required=True),
        LineColumn("tax_rate", _("Tax %"), "number", "narrow", required=True),
        LineColumn("requested_date", _("Wanted by"), "date", "narrow", required=True),
        LineColumn("kind", _("Kind"), "select", "narrow", list(LINE_KINDS.items()), "goods"),
        LineColumn("free_of_charge", _("Free"), "select", "narrow", [("", _("No")), ("1", _("Yes"))]),
        LineColumn("match_basis", _("Paid up to"), "select", "narrow", [("", _("as usual")), *MATCH_BASES.items()]),
        LineColumn("performed_from", _("Performed from"), "date", "narrow"),
        LineColumn("performed_until", _("Performed until"), "date", "narrow"),
        LineColumn("contact", _("Contact")),
        LineColumn("net", _("Net"), "shown", "narrow", align="end"),
    ]


_EXTRAS = (
    *(".base_quantity", ".price_unit", ".discount", ".kind", ".free_of_charge", ".match_basis"),
    *(".performed_from", ".performed_until", ".contact"),
)


def _uses(form: Form, of_interest: Callable[[str], bool]) -> bool:
    """Whether such a field holds more than its default, or a problem."""
    typed = (name for name, value in form.values.items() if value and value != "goods")
    return any(map(of_interest, (*typed, *(error.field for error in form.errors))))


# What somebody types into the item's field suggests items, and a whole number fills the line's empty fields.
_ASKS = {
    "hx-get": "/orders/new/items",
    "hx-trigger": "input changed delay:250ms",
    "hx-include": "#f-supplier_id, #f-currency",
    "hx-target": "#items",
    "hx-sync": "this:replace",
}


def _units(form: Form) -> Pairs:
    """The usual units, and whatever else stands in the form already."""
    used = (str(value) for name, value in form.values.items() if name.endswith((".unit", ".price_unit")))
    return [("", "–"), *labelled(*used)]
