"""What this portal issued, for whoever holds the file, without anybody's context; and what is signed, for its sides."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from portal.access.queries import organisation_names
from portal.platform.database import gate
from portal.platform.paging import Bind, Sort, Turned, order_of
from portal.platform.refusals import NotFound
from portal.platform.work import View
from portal.signatures.forms import KnownFile, SignatoryOut, SigningOut, SigningRow
from portal.signatures.rules import turn
from portal.signatures.states import S
from portal.signatures.tables import Signing

MOST_HASHES = 250
SORTS = {"created": Sort("created_at", datetime.fromisoformat, "timestamptz")}
_TO_SIGN = """from signing s where s.state = 'open' and $1 in (s.buyer_id, s.shown_to)
  and exists (select from signatory p where p.signing_id = s.id and p.organisation_id = $1 and p.signed_by is null
    and (s.first in ('any', p.side) or not exists (select from signatory f
      where f.signing_id = s.id and f.side = s.first and f.signed_by is null)))
  and not exists (select from signatory m where m.signing_id = s.id and m.signed_by = $2)"""


async def known_files(hashes: Sequence[str]) -> dict[str, KnownFile]:
    """Those of these files that were issued here, by their SHA-256 in hexadecimal digits."""
    async with gate() as connection:
        found = await connection.fetch("select * from portal.issued_files($1::text[])", list(hashes)[:MOST_HASHES])
    return {row["sha256"]: KnownFile(**row) for row in found}


async def signings(view: View, cursor: str | None = None, limit: int = 50) -> Turned:
    """Documents that the organisation signs with others, newest first."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "-created", cursor)
    after, ending = order.sql("s", bind, limit)
    side = "buyer_id" if view.actor.organisation_kind == "buyer" else "shown_to"
    found = await view.fetch(f"select s.* from signing s where s.{side} = $1 and {after} {ending}", *bind.values)
    turned = order.turned(found, limit, lambda record: record["created_at"])
    return turned._replace(rows=await _rows(view, turned.rows))


async def signing_row(view: View, signing_id: UUID) -> Signing:
    found = await view.one("select * from signing where id = $1", signing_id)
    if found is None:
        raise NotFound()
    return Signing.of(found)


async def signing(view: View, signing_id: UUID) -> SigningOut:
    """The document with its places, and whether the reader's side may sign now."""
    (told,) = await _rows(view, [vars(await signing_row(view, signing_id))])
    places = await view.fetch("select * from signatory where signing_id = $1 order by position", signing_id)
    turns = turn(told.first, [(each["side"], each["signed_by"] is not None) for each in places])
    own = "buyer" if told.buyer_id == view.actor.organisation_id else "supplier"
    is_done = any(each["signed_by"] == view.actor.person_id for each in places)
    out = [SignatoryOut(**{name: each[name] for name in SignatoryOut.__struct_fields__}) for each in places]
    can_sign = told.state == S.OPEN and own in turns and not is_done
    return SigningOut(**msgspec.structs.asdict(told), signatories=out, can_sign=can_sign)


async def to_sign(view: View) -> tuple[int, list[SigningRow]]:
    """What waits for a signature of the reader's side in its turn, and has none of the reader yet."""
    values = (view.actor.organisation_id, view.actor.person_id)
    count = await view.value(f"select count(*) from (select 1 {_TO_SIGN} limit 1000) c", *values)
    listed = f"select s.* {_TO_SIGN} order by s.created_at, s.id limit 8"
    return count, await _rows(view, await view.fetch(listed, *values))


async def partners(view: View) -> list[tuple[str, str]]:
    """Suppliers that the company trades with, by name."""
    sql = """select supplier_id, supplier_name from trading_relationship
      where buyer_id = $1 and state in ('approved', 'on_hold') order by supplier_name, supplier_id limit 2000"""
    found = await view.fetch(sql, view.actor.organisation_id)
    return [(str(row["supplier_id"]), row["supplier_name"]) for row in found]


async def _rows(view: View, records: Sequence[Any]) -> list[SigningRow]:
    buyers = await organisation_names(view, [record["buyer_id"] for record in records]) if records else {}
    plain = [name for name in SigningRow.__struct_fields__ if name != "buyer_name"]
    return [
        SigningRow(buyer_name=buyers.get(record["buyer_id"], ""), **{name: record[name] for name in plain})
        for record in records
    ]
