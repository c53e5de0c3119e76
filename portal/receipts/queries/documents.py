"""A goods receipt as UBL: what came of a despatch advice."""

import asyncio
from typing import NamedTuple
from uuid import UUID

from portal.platform.einvoice.syntax import write
from portal.platform.i18n import _
from portal.platform.refusals import Conflict
from portal.platform.work import View
from portal.receipts.queries.one import receipt_row
from portal.receipts.rules.ubl import RECEIPT_ADVICE, receipt_advice_of
from portal.receipts.states import S

# What never came of a line of the advice is told once, by the last receipt of it.
_LINES = """
select r.*, (select count(*) from despatch_line x where x.advice_id = d.advice_id and x.position <= d.position)
    as despatch_line,
  r.to_inspect - coalesce((select sum(i.accepted + i.rejected) from goods_inspection i
    where i.receipt_line_id = r.id and i.state = 'booked'), 0) as in_inspection,
  case when r.id = (select l.id from goods_receipt_line l join goods_receipt g on g.id = l.receipt_id
    where l.despatch_line_id = d.id and g.state = 'booked' order by g.booked_at desc, l.position desc limit 1)
    then d.missing else 0 end as short
from goods_receipt_line r left join despatch_line d on d.id = r.despatch_line_id
where r.receipt_id = $1 order by r.position
"""
_INSPECTIONS = "select * from goods_inspection where receipt_id = $1 and state = 'booked' order by created_at, id"
_ADVICE = "select number, despatched_at, buyer, supplier from despatch_advice where id = $1"


class Written(NamedTuple):
    """A document, and what a disk calls it."""

    name: str
    xml: bytes


async def receipt_document(view: View, receipt_id: UUID) -> Written:
    """A UBL ReceiptAdvice, which answers a despatch advice: what came unannounced, or was reversed, has none (409)."""
    receipt = await receipt_row(view, receipt_id)
    if receipt.state != S.BOOKED:
        raise Conflict(_("This receipt was reversed, so there is no document of it."), subject_id=receipt_id)
    advice = await view.one(_ADVICE, receipt.despatch_advice_id) if receipt.despatch_advice_id else None
    if advice is None or advice["buyer"] is None:
        message = _("A receipt advice answers a despatch advice. These goods were not announced.")
        raise Conflict(message, subject_id=receipt_id)
    said = {
        "receipt": vars(receipt),
        "advice": advice,
        "lines": await view.fetch(_LINES, receipt_id),
        "inspections": await view.fetch(_INSPECTIONS, receipt_id),
    }
    document = receipt_advice_of(said)
    return Written(f"{document.number}.xml", await asyncio.to_thread(write, RECEIPT_ADVICE, document))
