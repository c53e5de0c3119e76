"""The life of a goods receipt, and of an inspection: it is booked, and at most once undone."""

from enum import StrEnum

from portal.platform.i18n import _
from portal.platform.states import StateTable, Transition


class S(StrEnum):
    BOOKED = "booked"
    REVERSED = "reversed"


NAMES = {S.BOOKED: _("Booked"), S.REVERSED: _("Reversed")}

INSPECTION = StateTable(
    _("inspection"),
    NAMES,
    [
        # verb       from         to           permission
        Transition("reverse", (S.BOOKED,), S.REVERSED, "goods-receipts:inspect"),
    ],
    of="goods_inspection",
)
RECEIPT = StateTable(
    _("goods receipt"),
    NAMES,
    [
        # verb       from         to           permission
        Transition("reverse", (S.BOOKED,), S.REVERSED, "goods-receipts:reverse"),
    ],
    of="goods_receipt",
)
