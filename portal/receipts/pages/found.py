"""What the search over all comes upon among the goods receipts: whole numbers, of the receipt or its delivery note."""

from portal.platform.work import View
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
            detail=(receipt.supplier if buys else receipt.buyer).name,
            state=receipt.state,
            exact=receipt.number.casefold() == words.strip().casefold(),
        )
        for receipt in listed.rows
    ]
