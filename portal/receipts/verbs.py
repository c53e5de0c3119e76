"""The one act on a goods receipt: it is undone, once, with a reason."""

from portal.access.verbs import Verb
from portal.platform.i18n import _
from portal.receipts import commands

VERBS = [
    Verb(
        "reverse", commands.reverse, "goods-receipts:reverse", "reverseGoodsReceipt",
        _("{number} is reversed."), True, _("Say why the receipt is reversed."),
    ),
]  # fmt: skip
