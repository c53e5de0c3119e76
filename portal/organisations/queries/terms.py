"""What a buyer and a supplier agreed on, read by every later step."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec

from portal.organisations.rules import NAMES, consequences_of, refusal, stops
from portal.platform.i18n import Message
from portal.platform.tolerance import Tolerance, resolve
from portal.platform.work import View
from portal.platform.work.parts import json_part
from portal.settings.queries import tolerance_of


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
    item_tolerances: dict[str, Any] | None = None

    def tolerance(self, step: str, nearest: Mapping[str, Any] = MappingProxyType({})) -> Tolerance:
        """How far `step` (such as `receive`) may deviate: what is said nearest (by order or item, as a line keeps it),
        else the supplier's level, else the company's, else not at all."""
        levels = (nearest, self.supplier_tolerances, self.company_tolerances)
        return resolve(tolerance_of(level, step) for level in levels)

    def nearest(self, order: Mapping[str, Any], item_id: UUID | None) -> dict[str, Any]:
        """What order and item say of a line's tolerances, step by step, the order before the item."""
        return {**((self.item_tolerances or {}).get(str(item_id)) or {}), **order}

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
  (select jsonb_object_agg(i.id, i.tolerances) from purchase_order_line l join item i on i.id = l.item_id
    where l.order_id = $3 and i.tolerances <> '{{}}') as item_tolerances,
  {party_of("b")} as buyer, {party_of("s")} as supplier
from trading_relationship r join organisation b on b.id = r.buyer_id join organisation s on s.id = r.supplier_id
where r.buyer_id = $1 and r.supplier_id = $2
"""


TERMS = json_part(
    f"select row_to_json(agreed) from ({_TERMS}) agreed",
    Terms | None,
    ["trading_relationship", "organisation", "standing_override", "item"],
)


class Site(msgspec.Struct):
    """A place that goods come to."""

    id: UUID
    name: str
    address: dict[str, Any]


# Of an organisation: the site of that id, or without one its default.
SITE = json_part(
    """select row_to_json(s) from (select id, name, address from site
      where organisation_id = $1 and ($2::uuid is null or id = $2) order by is_default desc, name limit 1) s""",
    Site | None,
    ["site"],
)


async def terms(view: View, buyer_id: UUID, supplier_id: UUID, order_id: UUID | None = None) -> Terms | None:
    """The terms between the two, or None if they do not trade (or it is not the reader's business).

    With an order its items' tolerances come along, for the buyer: no supplier reads items.
    """
    return await view.part(TERMS, buyer_id, supplier_id, order_id)
