"""A supplier's own accounts, every version of them, and what its customers made of each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from portal.access.queries import names, organisation_names
from portal.banks.forms import BankAccountOut, BankAccountRow, BuyerOut
from portal.banks.queries.payable import PAYABLE
from portal.banks.tables import BankAccount
from portal.platform.paging import Bind, Sort, Turned, order_of
from portal.platform.refusals import NotFound
from portal.platform.work import View

SORTS = {"created": Sort("created_at", datetime.fromisoformat, "timestamptz")}
_NAMED = {"created_by_name": "created_by", "decided_by_name": "decided_by"}
_BUYERS = f"""
select p.buyer_id, p.state, p.payable_from, p.payable_until, p.reason, {PAYABLE.format("p")} as payable
from bank_approval p where p.bank_account_id = $1 and p.shown_to = $2 order by p.created_at, p.id"""


async def own_accounts(view: View, cursor: str | None = None, limit: int = 50) -> Turned:
    """The newest versions first."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-created", cursor)
    after, ending = order.sql("a", bind, limit)
    found = await view.fetch(
        f"select a.* from bank_account a where supplier_id = $1 and {after} {ending}", *bind.values
    )
    turned = order.turned(found, limit, lambda record: record["created_at"])
    return turned._replace(rows=await _rows(view, turned.rows))


async def account_row(view: View, account_id: UUID) -> BankAccount:
    """A version of one's own; another's is 404, whoever sees it elsewhere."""
    sql = "select * from bank_account where id = $1 and supplier_id = $2"
    found = await view.one(sql, account_id, view.actor.organisation_id)
    if found is None:
        raise NotFound()
    return BankAccount.of(dict(found))


async def own_account(view: View, account_id: UUID) -> BankAccountOut:
    row = await account_row(view, account_id)
    (told,) = await _rows(view, [vars(row)])
    found = await view.fetch(_BUYERS, account_id, view.actor.organisation_id)
    buyers = await organisation_names(view, [record["buyer_id"] for record in found])
    out = [BuyerOut(buyer_name=buyers.get(record["buyer_id"], ""), **record) for record in found]
    return BankAccountOut(**msgspec.structs.asdict(told), buyers=out)


async def to_confirm(view: View) -> tuple[int, list[BankAccountRow]]:
    """What waits for a colleague of whoever entered it."""
    condition = "supplier_id = $1 and state = 'proposed' and created_by is distinct from $2"
    found = await view.fetch(
        f"select * from bank_account where {condition} order by created_at, id limit 8",
        *(view.actor.organisation_id, view.actor.person_id),
    )
    count = await view.value(
        f"select count(*) from (select 1 from bank_account where {condition} limit 1000) c",
        *(view.actor.organisation_id, view.actor.person_id),
    )
    return count, await _rows(view, found)


async def own_staff_account(view: View) -> str | None:
    """The last digits that the reader told of their own account."""
    sql = "select last_four from staff_account where organisation_id = $1 and person_id = $2"
    return await view.value(sql, view.actor.organisation_id, view.actor.person_id)


async def _rows(view: View, records: Sequence[Any]) -> list[BankAccountRow]:
    people = await names(view, [record[each] for record in records for each in _NAMED.values()])
    plain = [name for name in BankAccountRow.__struct_fields__ if name not in _NAMED]
    told = (
        {name: record[name] for name in plain}
        | {name: people.get(record[column], ("",))[0] for name, column in _NAMED.items()}
        for record in records
    )
    return [msgspec.convert(each, BankAccountRow) for each in told]
