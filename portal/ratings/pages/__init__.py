"""Ratings in a browser: on an order's page, on a supplier's and beside its score, all of them as a list."""

from litestar import Router

from portal.platform.i18n import _
from portal.platform.wiring import SettingKind, Subject
from portal.ratings.commands import SHOWN
from portal.ratings.pages import files, lists, order, queues, settings, supplier
from portal.ratings.queries import ORDERS_OPEN
from portal.ratings.tables import Organisation

SUBJECTS = {"order-rating": Subject(_("Rating"), lists.AT + "?rating_id={id}", "orders:rated")}
PANELS = order.PANELS | supplier.PANELS
QUEUES = queues.QUEUES
NARROWINGS = {"purchase-order": ORDERS_OPEN}
SETTINGS = {
    SHOWN: SettingKind(
        _("Ratings shown to suppliers"), Organisation, "id", ("ratings_shown",), "settings:propose",
        settings.AT, settings.told, opens="settings:propose",
    )
}  # fmt: skip
router = Router("/", route_handlers=[*order.HANDLERS, *lists.HANDLERS, *files.HANDLERS, *settings.HANDLERS])
