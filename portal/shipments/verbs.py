"""The acts on a despatch advice that need nothing but the advice, and at most a reason."""

from portal.access.verbs import Verb
from portal.platform.i18n import _
from portal.shipments import commands

ON_ITS_WAY = _("{number} is on its way. The buyer sees it from now on.")

VERBS = [
    Verb("despatch", commands.despatch, "despatch-advices:despatch", "despatchGoods", ON_ITS_WAY),
    Verb(
        "end",
        commands.end,
        "goods-receipts:miss",
        "endDespatchAdvice",
        _("{number} is over. What did not come counts as never despatched."),
        True,
        _("Say why: the supplier reads it beside the delivery."),
    ),
    Verb("cancel", commands.cancel, "despatch-advices:cancel", "cancelDespatchAdvice", _("{number} is dropped."), True),
]
