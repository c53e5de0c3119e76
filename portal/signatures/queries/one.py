"""What this portal issued, for whoever holds the file, without anybody's context; and what is signed, for its sides."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from portal.access.queries import names, organisation_names
from portal.platform.actor import Actor
from portal.platform.gate import gate
from portal.platform.refusals import NotFound
from portal.platform.work import View
from portal.signatures.forms import KnownFile, SignatoryOut, SigningOut, SigningRow
from portal.signatures.queries.people import today
from portal.signatures.rules import open_place, turn
from portal.signatures.states import S
from portal.signatures.tables import Signatory, Signing

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
    """The document with its places, and whether the reader may sign one of them now."""
    (told,) = await rows_of(view, [vars(await signing_row(view, signing_id))])
    found = await view.fetch("select * from signatory where signing_id = $1 order by position", signing_id)
    places = [Signatory.of(each) for each in found]
    named = await names(view, [place.meant_for for place in places if place.meant_for and not place.signed_by])
    is_late = told.sign_until is not None and told.sign_until < await today(view, told.buyer_id)
    return SigningOut(
        **msgspec.structs.asdict(told),
        signatories=[_place(place, named.get(place.meant_for, ("",))[0]) for place in places],
        can_sign=told.state == S.OPEN and not is_late and _is_turn(view.actor, told.first, places),
        is_late=told.state == S.OPEN and is_late,
    )


async def is_signed_with(view: View, signing_id: UUID, fingerprint: str) -> bool:
    """Whether somebody signed it outside with this certificate."""
    sql = "select exists (select from signatory where signing_id = $1 and fingerprint = $2)"
    return await view.value(sql, signing_id, fingerprint)


def _is_turn(actor: Actor, first: str, places: Sequence[Signatory]) -> bool:
    if any(place.signed_by == actor.person_id for place in places):
        return False
    own = [place for place in places if place.organisation_id == actor.organisation_id and place.signed_by is None]
    place = open_place(actor.person_id, own)
    return place is not None and place.side in turn(first, [(each.side, each.signed_by is not None) for each in places])


def _place(place: Signatory, meant_name: str) -> SignatoryOut:
    plain = [name for name in SignatoryOut.__struct_fields__ if name != "meant_name"]
    return SignatoryOut(meant_name=meant_name, **{name: getattr(place, name) for name in plain})


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
