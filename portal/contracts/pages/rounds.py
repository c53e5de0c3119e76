"""The rounds of a contract in a browser: what changed in each, word by word."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.contracts import queries
from portal.contracts.forms import DifferenceOut, RoundOut
from portal.contracts.rules import TEXTS, Piece, words
from portal.contracts.states import KINDS, PER, PRICE_DAYS
from portal.platform.i18n import Message, _
from portal.platform.work import viewing
from portal.web import page

FIELDS: dict[str, Message] = {
    "title": _("Title"),
    "kind": _("Kind"),
    "currency": _("Currency"),
    "valid_from": _("Valid from"),
    "valid_to": _("Valid to"),
    "notice_days": _("Told before it ends"),
    "renewal_months": _("Renewed by"),
    "value_cap": _("Value at most"),
    "allowance": _("May go over by"),
    "price_day": _("Prices go by"),
    "late_rate": _("A delay costs"),
    "late_per": _("Counted for each"),
    "late_grace": _("Free days of a delay"),
    "late_cap": _("A delay costs at most"),
    "retention": _("Held back from invoices"),
    "payment_terms": _("Payment terms"),
    "note": _("Further terms"),
    "unit_price": _("Unit price"),
    "base_quantity": _("Price per"),
    "quantity": _("Agreed quantity"),
    "term": _("Price"),
    "clause": _("Clause"),
    "level": _("Service level"),
    "deliverable": _("Deliverable"),
    "delivery": _("Planned delivery"),
}
_FIGURES = ("value_cap", "allowance", "late_rate", "late_cap", "retention", "unit_price", "base_quantity", "quantity")

_NAMED: dict[str, dict[str, Message]] = {"kind": KINDS, "price_day": PRICE_DAYS, "late_per": PER}


class Told(NamedTuple):
    """One difference as it is shown; of a text its `pieces`."""

    item: str
    since: Decimal | None
    begins: date | None
    field: str
    label: Message
    before: Any
    after: Any
    pieces: list[Piece]


class Round(NamedTuple):
    round: RoundOut
    told: list[Told]


@get("/contracts/{contract_id:uuid}/rounds", guards=[may("contracts:read")], include_in_schema=False)
async def show(actor: Acting, contract_id: FromPath[UUID]) -> Response[Any]:
    async with viewing(actor) as view:
        contract = await queries.contract_out(view, contract_id)
        found = await queries.rounds_of(view, contract_id)
    rounds = [Round(each, [_told(one) for one in each.differences]) for each in reversed(found)]
    return page("contracts/rounds.html", contract=contract, rounds=rounds, measures=queries.MEASURES)


def _told(each: DifferenceOut) -> Told:
    pieces = words(each.before or "", each.after or "") if each.field in TEXTS else []
    sides = (_read(each.field, each.before), _read(each.field, each.after))
    return Told(each.item, each.since, each.begins, each.field, FIELDS[each.field], *sides, pieces)


def _read(field: str, value: Any) -> Any:
    """Snapshots say figures and days as texts."""
    if value in (None, ""):
        return None
    if field in _FIGURES:
        return Decimal(str(value))
    if field in ("level", "delivery", "deliverable"):
        return _performed(value)
    if field in ("valid_from", "valid_to"):
        return date.fromisoformat(str(value))
    return _NAMED[field][value] if field in _NAMED else value


def _performed(said: Any) -> dict[str, Any]:
    figures = {name: Decimal(str(said[name])) for name in ("least", "quantity") if name in said}
    days = {"due_on": date.fromisoformat(str(said["due_on"]))} if "due_on" in said else {}
    return {**said, **figures, **days}


HANDLERS = [show]
