"""Who is who in a document: a party from a frozen snapshot, and whether one that was named is that one."""

from collections.abc import Mapping
from typing import Any

from portal.platform.einvoice import codes
from portal.platform.einvoice.model import Address, Identifier, Party

Said = Mapping[str, Any]
_PLACE = ("street", "city", "postal_code", "region")


def party_of(said: Said) -> Party:
    """A company as it stood when the document was made."""
    endpoint, scheme = codes.endpoint(said)
    gln = said.get("gln") or ""
    return Party(
        name=said["name"],
        identifiers=(Identifier(value=gln, scheme=codes.GLN),) if gln else (),
        endpoint=endpoint,
        endpoint_scheme=scheme,
        registration=said.get("registration_number") or "",
        vat_number=codes.vat_number(said.get("vat_number") or ""),
        address=address_of(said.get("address") or {}, said.get("country") or ""),
    )


def address_of(said: Said, country: str = "") -> Address:
    """A place; without a country of its own it lies in `country`."""
    return Address(**{name: said.get(name) or "" for name in _PLACE}, country=said.get("country") or country)


def is_another(named: Party, known: Party) -> bool:
    """Whether a document names somebody else: a number of a list that both have one of (electronic address, GLN, VAT,
    register) is not the same. Names alone tell nobody from others: companies are written in many ways.
    """
    ours = dict(_numbers(known))
    return any(number and ours.get(of) and number != ours[of] for of, number in _numbers(named))


def _numbers(party: Party) -> list[tuple[str, str]]:
    return [
        *((each.scheme, each.value) for each in party.identifiers if each.scheme),
        (party.endpoint_scheme, party.endpoint),
        ("VAT", codes.vat_number(party.vat_number)),
        ("register", party.registration),
    ]
