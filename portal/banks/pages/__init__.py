"""Bank accounts in a browser: a supplier's own, a buyer's checks, and one's own as a member of staff."""

from litestar import Router

from portal.banks.commands import COOL_OFF
from portal.banks.pages import checked, cool_off, own, queues, staff
from portal.banks.tables import Organisation
from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, SettingKind, Subject

MENU = [
    MenuEntry(_("Bank accounts"), own.AT, "building-bank", "bank-accounts:read", 46, "supplier"),
    MenuEntry(_("Suppliers’ bank accounts"), checked.AT, "building-bank", "bank-accounts:read", 46, "buyer"),
]
SUBJECTS = {
    "bank-account": Subject(_("Bank account"), own.AT + "/{id}", "bank-accounts:read"),
    "bank-approval": Subject(_("Supplier’s bank account"), checked.AT + "/{id}", "bank-accounts:read"),
}
QUEUES = queues.QUEUES
SETTINGS = {
    COOL_OFF: SettingKind(
        _("Cool-off of bank accounts"), Organisation, "id", ("bank_cool_off_days",), "settings:propose",
        cool_off.AT, cool_off.told, opens="settings:propose",
    )
}  # fmt: skip
_HANDLERS = [*own.HANDLERS, *checked.HANDLERS, *cool_off.HANDLERS, *staff.HANDLERS]
router = Router("/", route_handlers=_HANDLERS)
