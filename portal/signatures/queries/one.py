"""What this portal issued, for whoever holds the file, without anybody's context; and what is signed, for its sides."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from portal.access.queries import organisation_names
from portal.platform.database import gate
from portal.platform.refusals import NotFound
from portal.platform.work import View
from portal.signatures.forms import KnownFile, SignatoryOut, SigningOut, SigningRow
from portal.signatures.rules import turn
from portal.signatures.states import S
from portal.signatures.tables import Signing

MOST_HASHES = 250


async def known_files(hashes: Sequence[str]) -> dict[str, KnownFile]:
    """Those of these files that were issued here, by their SHA-256 in hexadecimal digits."""
    async with gate() as connection:
        found = await connection.fetch("select * from portal.issued_files($1::text[])", list(hashes)[:MOST_HASHES])
    return {row["sha256"]: KnownFile(**row) for row in found}


async def signing_row(view: View, signing_id: UUID) -> Signing:
    found = await view.one("select * from signing where id = $1", signing_id)
    if found is None:
        raise NotFound()
    return Signing.of(found)


async def signing(view: View, signing_id: UUID) -> SigningOut:
    """The document with its places, and whether the reader's side may sign now."""
    (told,) = await rows_of(view, [vars(await signing_row(view, signing_id))])
    places = await view.fetch("select * from signatory where signing_id = $1 order by position", signing_id)
    turns = turn(told.first, [(each["side"], each["signed_by"] is not None) for each in places])
    own = "buyer" if told.buyer_id == view.actor.organisation_id else "supplier"
    is_done = any(each["signed_by"] == view.actor.person_id for each in places)
    out = [SignatoryOut(**{name: each[name] for name in SignatoryOut.__struct_fields__}) for each in places]
    can_sign = told.state == S.OPEN and own in turns and not is_done
    return SigningOut(**msgspec.structs.asdict(told), signatories=out, can_sign=can_sign)


async def partners(view: View) -> list[tuple[str, str]]:
    """Suppliers that the company trades with, by name."""
    sql = """select supplier_id, supplier_name from trading_relationship
      where buyer_id = $1 and state in ('approved', 'on_hold') order by supplier_name, supplier_id limit 2000"""
    found = await view.fetch(sql, view.actor.organisation_id)
    return [(str(row["supplier_id"]), row["supplier_name"]) for row in found]


async def rows_of(view: View, records: Sequence[Any]) -> list[SigningRow]:
    buyers = await organisation_names(view, [record["buyer_id"] for record in records]) if records else {}
    plain = [name for name in SigningRow.__struct_fields__ if name != "buyer_name"]
    return [
        SigningRow(buyer_name=buyers.get(record["buyer_id"], ""), **{name: record[name] for name in plain})
        for record in records
    ]
