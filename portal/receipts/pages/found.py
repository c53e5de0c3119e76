"""What the search over all comes upon among the goods receipts: by number, delivery note, or words of their orders."""

from portal.platform.work import View
from portal.receipts.forms import ReceiptRow
from portal.receipts.queries import ReceiptFilter, receipt_list
from portal.shipments.queries import reads_as_buyer
from portal.web.parts import Found

FIRST = 8


async def found(view: View, words: str) -> list[Found]:
    listed = await receipt_list(view, ReceiptFilter(query=words), limit=FIRST, counted=False)
    buys = reads_as_buyer(view.actor)
    return [
        Found(
            title=receipt.number,
            href=f"/receipts/{receipt.id}",
            detail=" · ".join(filter(None, (_partner(receipt, buys), receipt.delivery_note))),
            state=receipt.state,
            exact=receipt.number.casefold() == words.strip().casefold(),
        )
        for receipt in listed.rows
    ]


def _partner(receipt: ReceiptRow, buys: bool) -> str:
    return (receipt.supplier if buys else receipt.buyer).name
