"""Call-offs: an order takes what it wants of its contracts, and gives back what it wants no more.

The caller says all that an order calls off as it is now. The contracts are locked first, so two orders at once never
pass a cap together; whatever grows must be in force and fit under the caps with their allowance.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from portal.contracts.rules import Called, at_most, beyond_quantity, beyond_value, counted
from portal.contracts.states import S
from portal.contracts.tables import Contract, ContractCallOff
from portal.organisations.queries import rate_of
from portal.platform.calendar import local_date
from portal.platform.decimals import ONE, ZERO, difference, half_up, product, quotient, total
from portal.platform.i18n import Message, _
from portal.platform.money import round_amount
from portal.platform.refusals import Conflict, FieldError
from portal.platform.units import Incompatible
from portal.platform.work import Change

_RATE_DECIMALS = 12
_LOCKED = "id = any($1) order by id for no key update"
_CAPS = """select c.id as contract_id, t.item_id, t.unit, t.quantity from contract c
  join contract_term t on t.contract_id = coalesce(c.amendment_id, c.id) where c.id = any($1) and t.quantity > 0"""
_OTHERS = """
select contract_id, item_id, sum(counted) as counted, sum(amount) as amount from contract_call_off
where contract_id = any($1) and order_id <> $2 group by contract_id, item_id
"""


class BeyondContract(Conflict):
    """An order would take more than is left under its contracts; `errors` names each of them."""

    title = _("This is more than the contract allows")

    def __init__(self, told: Sequence[Message | str], order_id: UUID) -> None:
        super().__init__(told[0], subject_id=order_id)
        self.errors = tuple(FieldError("", each) for each in told)


class _Books(NamedTuple):
    """The contracts of an order, locked: their caps by item, what other orders take, and what this one took so far."""

    contracts: Mapping[UUID, Contract]
    caps: Mapping[tuple[UUID, UUID], Any]
    others: Mapping[tuple[UUID, UUID | None], Any]
    before: Mapping[UUID, ContractCallOff]


async def consume(change: Change, order: Any, called: Sequence[Called]) -> None:
    """Count what an order calls off now, all of its lines under contracts; raises `BeyondContract`."""
    ids = sorted({each.contract_id for each in called})
    books = await _books(change, order.id, ids)
    rates = {each: await _rate(change, order, books, each) for each in ids}
    rows, told = [], []
    for each in called:
        try:
            rows.append(_row(order, each, books, rates[each.contract_id]))
        except Incompatible as refusal:
            told.append(refusal.message)
    told += [*_ended(books, rows), *_beyond_quantities(books, called, rows), *_beyond_values(books, rows)]
    if told:
        raise BeyondContract(told, order.id)
    fresh = [row for row in rows if row["id"] not in books.before]
    for row in rows:
        if (present := books.before.get(row["id"])) is not None:
            present.quantity, present.counted, present.amount = row["quantity"], row["counted"], row["amount"]
            change.write(present)
    change.add_all(ContractCallOff, fresh)


async def _books(change: Change, order_id: UUID, ids: Sequence[UUID]) -> _Books:
    contracts = {row.id: row for row in await change.rows(Contract, _LOCKED, list(ids))}
    caps = {(row["contract_id"], row["item_id"]): row for row in await change.fetch(_CAPS, list(ids))}
    others = {(row["contract_id"], row["item_id"]): row for row in await change.fetch(_OTHERS, list(ids), order_id)}
    before = {row.id: row for row in await change.rows(ContractCallOff, "order_id = $1", order_id)}
    return _Books(contracts, caps, others, before)


def _row(order: Any, each: Called, books: _Books, rate: Decimal | None) -> dict[str, Any]:
    cap = books.caps.get((each.contract_id, each.item_id)) if each.item_id else None
    currency = books.contracts[each.contract_id].currency
    return {
        "id": each.line_id,
        "contract_id": each.contract_id,
        "order_id": order.id,
        "buyer_id": order.buyer_id,
        "supplier_id": order.supplier_id,
        "shown_to": order.supplier_id,
        "item_id": each.item_id,
        "quantity": each.quantity,
        "counted": counted(each, cap["unit"] if cap else None),
        "amount": round_amount(product(each.net, rate or ONE), currency),
        "rate": rate,
    }


def _ended(books: _Books, rows: Sequence[Mapping[str, Any]]) -> list[Message]:
    """Contracts that are not in force, of which the order would take more than before."""
    grown = {row["contract_id"] for row in rows if _grows(books, row)}
    ended = [contract for contract in books.contracts.values() if contract.id in grown and contract.state != S.ACTIVE]
    text = _(
        "Contract {number} is not in force any more. Give its lines prices of their own, or name another contract."
    )
    return [Message(text.text, {"number": contract.number}) for contract in ended]


def _beyond_quantities(books: _Books, called: Sequence[Called], rows: Sequence[Mapping[str, Any]]) -> list[Message]:
    taken: dict[tuple[UUID, UUID], Decimal] = defaultdict(lambda: ZERO)
    lines = {each.line_id: each for each in called}
    grown: dict[tuple[UUID, UUID], Called] = {}
    for row in rows:
        key = (row["contract_id"], row["item_id"])
        taken[key] = total((taken[key], row["counted"]))
        if _grows(books, row):
            grown[key] = lines[row["id"]]
    told = []
    for key, each in grown.items():
        if (cap := books.caps.get(key)) is None:
            continue
        contract = books.contracts[each.contract_id]
        left = difference(at_most(cap["quantity"], contract.allowance), _of(books, key, "counted"))
        if taken[key] > left:
            told.append(beyond_quantity(each, contract.number, cap["unit"], left, taken[key]))
    return told


def _beyond_values(books: _Books, rows: Sequence[Mapping[str, Any]]) -> list[Message]:
    grown = {row["contract_id"] for row in rows if _grows(books, row)}
    told = []
    for contract in books.contracts.values():
        if contract.kind != "value" or contract.id not in grown:
            continue
        wanted = total(row["amount"] for row in rows if row["contract_id"] == contract.id)
        by_others = total(_of(books, key, "amount") for key in books.others if key[0] == contract.id)
        left = difference(contract.gross, by_others)
        if wanted > left:
            told.append(beyond_value(contract, left, wanted))
    return told


def _of(books: _Books, key: tuple[UUID, UUID | None], name: str) -> Decimal:
    found = books.others.get(key)
    return found[name] if found else ZERO


def _grows(books: _Books, row: Mapping[str, Any]) -> bool:
    before = books.before.get(row["id"])
    if before is None:
        return row["quantity"] > ZERO
    return row["counted"] > before.counted or row["amount"] > before.amount


async def _rate(change: Change, order: Any, books: _Books, contract_id: UUID) -> Decimal | None:
    """What one of the order's currency is in the contract's: by the day of issue, and never by another one later."""
    currency = books.contracts[contract_id].currency
    if currency == order.currency:
        return None
    for row in books.before.values():
        if row.contract_id == contract_id:
            return row.rate
    own = await change.one("select currency, time_zone from organisation where id = $1", order.buyer_id)
    assert own is not None
    today = local_date(change.now, own["time_zone"])
    worth = [
        ONE if each == own["currency"] else await _worth(change, order, each, today)
        for each in (order.currency, currency)
    ]
    return half_up(quotient(*worth), _RATE_DECIMALS)


async def _worth(change: Change, order: Any, currency: str, today: Any) -> Decimal:
    rate = await rate_of(change, order.buyer_id, currency, today)
    if rate is None:
        text = _("There is no exchange rate for {currency}. Enter one, then issue the order.", currency=currency)
        raise Conflict(text, subject_id=order.id)
    return rate.rate
