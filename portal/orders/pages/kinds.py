"""Names of the kinds of lines."""

from portal.platform.i18n import _

LINE_KINDS = {
    "goods": _("Goods"),
    "service": _("Service"),
    "limit": _("Service up to a limit"),
    "charge": _("Charge"),
}
