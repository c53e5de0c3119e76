"""Suppliers' accounts as a buyer has them: what is to be checked, what may be paid, and who shares one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from portal.access.queries import names
from portal.banks.forms import PayableAccount, SharedAccountOut, SupplierAccountOut, SupplierAccountRow
from portal.banks.queries.payable import PAYABLE
from portal.banks.states import APPROVAL_NAMES
from portal.banks.tables import BankApproval
from portal.platform.paging import Bind, Sort, Turned, codes, order_of
from portal.platform.refusals import NotFound
from portal.platform.work import View

SORTS = {"created": Sort("created_at", datetime.fromisoformat, "timestamptz")}
_NAMED = {"submitted_by_name": "submitted_by", "decided_by_name": "decided_by"}
# What waits: for somebody who calls back, for a second person.
OPEN = {
    "check": "p.state = 'offered'",
    "approve": "p.state = 'proposed' and p.submitted_by is distinct from (select portal.person())",
}
_SELECT = f"""
select p.id, p.version, p.state, p.supplier_id, p.supplier_name, p.payable_from, p.payable_until, p.created_at,
  p.submitted_by, p.submitted_at, p.decided_by, p.decided_at, p.reason, p.call_back, {PAYABLE.format("p")} as payable,
  a.holder, a.country, a.currency, a.number, a.bank_name, a.bank_code, a.bic, a.revision,
  coalesce((select b.number from bank_account b join bank_approval q on q.bank_account_id = b.id
    where b.origin = a.origin and b.revision < a.revision and q.buyer_id = p.buyer_id and q.state = 'approved'
    order by b.revision desc limit 1), '') as replaces
from bank_approval p join bank_account a on a.id = p.bank_account_id"""
_PAYABLE = f"""
select p.id, a.id as bank_account_id, a.holder, a.number, a.currency, p.payable_from
from bank_approval p join bank_account a on a.id = p.bank_account_id
where p.buyer_id = $1 and p.supplier_id = $2 and {PAYABLE.format("p")}
order by a.currency <> $3, p.payable_from desc, p.id limit 50"""
# Other suppliers of the buyer, by an account of theirs that is not over, and members of the company by what they told.
_SHARED = """
select distinct q.supplier_name as name, false as is_staff from bank_account_number n
join bank_account_number m on m.fingerprint = n.fingerprint and m.supplier_id <> n.supplier_id
join bank_approval q on q.bank_account_id = m.bank_account_id and q.buyer_id = $2 and q.state <> 'ended'
where n.bank_account_id = $1
union all
select p.full_name, true from bank_account_number n join staff_account s on s.fingerprint = n.fingerprint
join person p on p.id = s.person_id where n.bank_account_id = $1 and s.organisation_id = $2
order by 2 desc, 1"""
# Every account that a supplier shares with another one, or with a member of the company.
_ALL_SHARED = """
with known as (select p.supplier_id, p.supplier_name, p.number, n.fingerprint from bank_approval p
  join bank_account_number n on n.bank_account_id = p.bank_account_id where p.buyer_id = $1 and p.state <> 'ended'),
others as (select k.supplier_id, o.supplier_name as name from known k
    join known o on o.fingerprint = k.fingerprint and o.supplier_id <> k.supplier_id
  union select k.supplier_id, p.full_name from known k join staff_account s on s.fingerprint = k.fingerprint
    and s.organisation_id = $1 join person p on p.id = s.person_id)
select k.supplier_id, k.supplier_name, min(k.number) as trait, array_agg(distinct o.name order by o.name) as people
from known k join others o using (supplier_id)
where exists (select from known x where x.fingerprint = k.fingerprint and x.supplier_id <> k.supplier_id)
  or exists (select from staff_account s where s.fingerprint = k.fingerprint and s.organisation_id = $1)
group by 1, 2 order by 2"""


async def supplier_accounts(
    view: View,
    state: str | None = None,
    supplier_id: UUID | None = None,
    *,
    waits: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Turned:
    """What suppliers offered to be paid to, newest first; `waits` is a name of `OPEN`."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-created", cursor)
    after, ending = order.sql("p", bind, limit)
    narrow = ["p.buyer_id = $1", after]
    if chosen := codes("state", state, APPROVAL_NAMES):
        narrow.append(f"p.state = any({bind(chosen)})")
    if supplier_id is not None:
        narrow.append(f"p.supplier_id = {bind(supplier_id)}")
    if waits in OPEN:
        narrow.append(OPEN[waits])
    found = await view.fetch(f"{_SELECT} where {' and '.join(narrow)} {ending}", *bind.values)
    turned = order.turned(found, limit, lambda record: record["created_at"])
    return turned._replace(rows=await _rows(view, turned.rows))


async def approval_row(view: View, approval_id: UUID) -> BankApproval:
    """An approval of one's own as a buyer; to its supplier this address is of nothing."""
    row = await approval_of_either(view, approval_id)
    if row.buyer_id != view.actor.organisation_id:
        raise NotFound()
    return row


async def approval_of_either(view: View, approval_id: UUID) -> BankApproval:
    """The approval, whichever of its two sides asks."""
    found = await view.one("select * from bank_approval where id = $1", approval_id)
    if found is None:
        raise NotFound()
    return BankApproval.of(dict(found))


async def supplier_account(view: View, approval_id: UUID) -> SupplierAccountOut:
    row = await approval_row(view, approval_id)
    found = await view.fetch(f"{_SELECT} where p.id = $1", approval_id)
    (told,) = await _rows(view, found)
    shared = await view.structs(SharedAccountOut, _SHARED, row.bank_account_id, row.buyer_id)
    return SupplierAccountOut(**msgspec.structs.asdict(told), shared_with=shared)


async def payable_accounts(view: View, buyer_id: UUID, supplier_id: UUID, currency: str) -> list[PayableAccount]:
    """Where the supplier may be paid now; accounts of the currency come first."""
    return await view.structs(PayableAccount, _PAYABLE, buyer_id, supplier_id, currency)


async def was_offered(view: View, buyer_id: UUID, supplier_id: UUID) -> bool:
    """Whether the supplier ever told this buyer an account."""
    sql = "select exists (select from bank_approval where buyer_id = $1 and supplier_id = $2)"
    return await view.value(sql, buyer_id, supplier_id)


async def was_offered_another(view: View, row: BankApproval) -> bool:
    """Whether the supplier ever told this buyer an account but this one."""
    sql = "select exists (select from bank_approval where buyer_id = $1 and supplier_id = $2 and bank_account_id <> $3)"
    return await view.value(sql, row.buyer_id, row.supplier_id, row.bank_account_id)


async def shared_in_company(view: View) -> list[Any]:
    """Suppliers whose account somebody else has too: supplier_id, supplier_name, trait (masked number), people."""
    return await view.fetch(_ALL_SHARED, view.actor.organisation_id)


async def to_check(view: View) -> tuple[int, list[SupplierAccountRow]]:
    """Accounts that somebody has to call back about."""
    return await _waiting(view, "check")


async def to_approve(view: View) -> tuple[int, list[SupplierAccountRow]]:
    """Accounts that wait for a second person, whoever called back."""
    return await _waiting(view, "approve")


async def _waiting(view: View, name: str) -> tuple[int, list[SupplierAccountRow]]:
    condition, own = f"p.buyer_id = $1 and {OPEN[name]}", view.actor.organisation_id
    found = await view.fetch(f"{_SELECT} where {condition} order by p.created_at, p.id limit 8", own)
    sql = f"select count(*) from (select 1 from bank_approval p where {condition} limit 1000) c"
    return await view.value(sql, own), await _rows(view, found)


async def _rows(view: View, records: Sequence[Any]) -> list[SupplierAccountRow]:
    people = await names(view, [record[each] for record in records for each in _NAMED.values()])
    plain = [name for name in SupplierAccountRow.__struct_fields__ if name not in _NAMED]
    told = (
        {name: record[name] for name in plain}
        | {name: people.get(record[column], ("",))[0] for name, column in _NAMED.items()}
        for record in records
    )
    return [msgspec.convert(each, SupplierAccountRow) for each in told]
