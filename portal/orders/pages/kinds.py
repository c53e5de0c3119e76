"""Names of the kinds of orders and of lines."""

from portal.platform.i18n import _

KINDS = {"standard": _("Standard"), "framework": _("Call-off"), "urgent": _("Urgent")}
LINE_KINDS = {
    "goods": _("Goods"),
    "service": _("Service"),
    "limit": _("Service up to a limit"),
    "charge": _("Charge"),
}
