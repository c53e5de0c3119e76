"""A supplier's prices as a UBL Catalogue."""

import asyncio
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from portal.catalogue.rules.catalogue import COLUMNS, Row, catalogue_of
from portal.catalogue.rules.ubl import CATALOGUE
from portal.organisations.queries import terms
from portal.platform.einvoice.syntax import write
from portal.platform.refusals import NotFound
from portal.platform.work import View

# What holds today or will; what is over is nobody's offer.
_OFFERED: Final = """
select i.number as item, p.supplier_item_number, i.gtin, i.name, i.unit, i.category,
  i.tax_category, i.tax_rate, p.currency,
  p.unit_price, p.base_quantity, p.unit as price_unit, p.minimum_quantity, p.maximum_quantity, p.lead_time_days,
  p.valid_from, p.valid_to, today.day
from supplier_price p join item i on i.id = p.item_id and i.active
cross join (select (portal.now() at time zone o.time_zone)::date as day from organisation o where o.id = $1) today
where p.buyer_id = $1 and p.supplier_id = $2 and coalesce(p.valid_to, 'infinity') >= today.day
order by i.number, p.supplier_item_number, p.currency, p.valid_from nulls first, p.minimum_quantity nulls first, p.id
"""


class Written(NamedTuple):
    """A document, and what a disk calls it."""

    name: str
    xml: bytes


async def catalogue_document(view: View, supplier_id: UUID) -> Written:
    """What a supplier asks for, today and later; nobody's supplier is 404, as is one without prices."""
    agreed = await terms(view, view.actor.organisation_id, supplier_id)
    found = await view.fetch(_OFFERED, view.actor.organisation_id, supplier_id) if agreed else []
    if agreed is None or not found:
        raise NotFound()
    rows = [Row(**{name: row[name] for name in COLUMNS}) for row in found]
    parties, day = msgspec.to_builtins(agreed), found[0]["day"]
    document = catalogue_of(f"{agreed.supplier_number or supplier_id}-{day}", day, parties, rows)
    return Written(f"catalogue-{day}.xml", await asyncio.to_thread(write, CATALOGUE, document))
