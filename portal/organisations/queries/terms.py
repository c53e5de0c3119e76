"""What a buyer and a supplier agreed on, read by every later step."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from portal.organisations.rules import NAMES, consequences_of, refusal, stops
from portal.platform.i18n import Message
from portal.platform.tolerance import Tolerance, resolve
from portal.platform.work import View


class Party(msgspec.Struct):
    """A legal entity as it stands on a document."""

    id: UUID
    name: str
    country: str
    address: dict[str, Any]
    registration_number: str
    vat_number: str
    gln: str
    email: str
    language: str
    time_zone: str


class Terms(msgspec.Struct):
    """A trading relationship with both parties; the tolerances of its levels."""

    relationship_id: UUID
    state: str
    currency: str
    payment_days: int
    payment_terms: str
    terms: dict[str, Any]
    response_days: int
    orders_held_until: date | None
    invoices_held_until: date | None
    supplier_number: str
    standing: str
    consequences: dict[str, str] | None
    exception: dict[str, Any] | None
    match_basis: str
    buyer: Party
    supplier: Party
    buyer_currency: str
    supplier_currency: str
    supplier_tolerances: dict[str, Any]
    company_tolerances: dict[str, Any]

    def tolerance(self, step: str) -> Tolerance:
        """How far `step` (such as `receive`) may deviate: the supplier's level, else the company's, else not at all."""
        levels = (self.supplier_tolerances.get(step), self.company_tolerances.get(step))
        return resolve(msgspec.convert(level, Tolerance) if level else None for level in levels)

    @property
    def standing_name(self) -> Message:
        return NAMES[self.standing]

    @property
    def standing_brings(self) -> str:
        """What the supplier's standing brings to its orders by itself."""
        return consequences_of(self.consequences).get(self.standing, "none")

    @property
    def consequence(self) -> str:
        """What it brings now: an exception leaves no more than a warning of it."""
        return "warn" if self.exception and self.standing_brings != "none" else self.standing_brings

    def stopped(self, step: str) -> Message | None:
        """Why orders to this supplier are not to be entered (`enter`) or issued (`issue`) now."""
        if not stops(self.consequence, step):
            return None
        return refusal(self.supplier.name, self.standing, step)


_PARTY = (
    "id",
    "name",
    "country",
    "address",
    "registration_number",
    "vat_number",
    "gln",
    "email",
    "language",
    "time_zone",
)


def party_of(organisation: str) -> str:
    """What documents say of a party, as they keep it: the columns of an organisation's alias as one object."""
    columns = ", ".join(f"'{column}', {organisation}.{column}" for column in _PARTY)
    return f"jsonb_build_object({columns})"


_TERMS = f"""
select r.id as relationship_id, r.state, r.currency, r.payment_days, r.payment_terms, r.terms, r.response_days,
  r.orders_held_until, r.invoices_held_until, r.supplier_number, r.standing, b.match_basis,
  b.score_consequences as consequences,
  (select jsonb_build_object('id', v.id, 'until', v.until, 'reason', v.reason) from standing_override v
    where v.buyer_id = r.buyer_id and v.supplier_id = r.supplier_id and v.ended_at is null
      and v.until >= (portal.now() at time zone b.time_zone)::date) as exception,
  b.currency as buyer_currency, s.currency as supplier_currency,
  r.tolerances as supplier_tolerances, b.tolerances as company_tolerances,
  {party_of("b")} as buyer, {party_of("s")} as supplier
from trading_relationship r join organisation b on b.id = r.buyer_id join organisation s on s.id = r.supplier_id
where r.buyer_id = $1 and r.supplier_id = $2
"""


async def terms(view: View, buyer_id: UUID, supplier_id: UUID) -> Terms | None:
    """The terms between the two, or None if they do not trade (or it is not the reader's business)."""
    record = await view.one(_TERMS, buyer_id, supplier_id)
    if record is None:
        return None
    parties = {side: msgspec.convert(record[side], Party) for side in ("buyer", "supplier")}
    columns: Any = dict(record) | parties
    return Terms(**columns)
