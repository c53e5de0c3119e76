"""Which event of a company's own rules tells whom what: settings, holds of suppliers, files."""

from portal.messaging.rules.shapes import Involved, May, Notice
from portal.platform.i18n import _

_DESK, _BILLING = May("orders:respond"), May("invoices:submit")
_PAGE, _SETTING = _("Open your page"), _("Open the setting")

ON_RULES: dict[str, Notice] = {
    "setting.proposed": Notice(
        "owner",
        May("settings:check"),
        _("A setting waits for a second person"),
        _("Somebody of your company proposed another value. It holds once you or another second person approved it."),
        _SETTING,
        ("reason",),
        waits="proposed",
    ),
    "setting.declined": Notice(
        "owner",
        Involved(("created_by",)),
        _("Your proposal of a setting was declined"),
        _("The value stays as it is."),
        _SETTING,
        ("reason",),
    ),
    "supplier.orders-held": Notice(
        "reader",
        _DESK,
        _("{partner} sends you no orders for a time"),
        _("{partner} holds new orders to you. Orders that you have stay as they are."),
        _PAGE,
        ("until",),
    ),
    "supplier.orders-released": Notice(
        "reader",
        _DESK,
        _("{partner} may send you orders again"),
        _("{partner} does not hold orders to you any more."),
        _PAGE,
    ),
    "supplier.invoices-held": Notice(
        "reader",
        _BILLING,
        _("{partner} takes no invoices from you for a time"),
        _("{partner} holds new invoices of yours. Those that you sent are looked at all the same."),
        _PAGE,
        ("until",),
    ),
    "supplier.invoices-released": Notice(
        "reader",
        _BILLING,
        _("{partner} takes your invoices again"),
        _("{partner} does not hold your invoices any more."),
        _PAGE,
    ),
    "evidence-file.infected": Notice(
        "owner",
        May("security:configure"),
        _("Infected file: {number}"),
        _("The scanner found something harmful in a file that was attached here. Its bytes are destroyed."),
        _("Open the record"),
        ("finding",),
    ),
}
