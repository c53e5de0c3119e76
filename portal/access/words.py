"""Permissions in words: what somebody would have to be allowed, as a person reads it. Programs get the code besides."""

from portal.platform.i18n import Message, _

PERMISSIONS: dict[str, Message] = {
    "audit:read": _("read the audit log"),
    "despatch-advices:cancel": _("drop despatch advices"),
    "despatch-advices:create": _("prepare despatch advices"),
    "despatch-advices:despatch": _("despatch goods"),
    "despatch-advices:edit": _("change despatch advices"),
    "despatch-advices:read": _("see deliveries"),
    "goods-receipts:create": _("book goods receipts"),
    "goods-receipts:read": _("see goods receipts"),
    "goods-receipts:reverse": _("reverse goods receipts"),
    "imports:run": _("import records"),
    "internal-notes:read": _("read internal notes"),
    "invoices:approve": _("approve invoices"),
    "invoices:configure": _("set how invoices are matched"),
    "invoices:create": _("write invoices"),
    "invoices:dispute": _("dispute invoices"),
    "invoices:match": _("match invoices"),
    "invoices:read": _("see invoices"),
    "invoices:reject": _("reject invoices"),
    "invoices:resolve": _("accept differences of invoices"),
    "invoices:settle": _("note payments"),
    "invoices:submit": _("send invoices"),
    "items:edit": _("maintain items and prices"),
    "items:read": _("see items"),
    "orders:approve": _("approve orders"),
    "orders:cancel": _("cancel orders"),
    "orders:close": _("close orders"),
    "orders:create": _("enter orders"),
    "orders:decide": _("decide on counter-offers"),
    "orders:discard": _("discard drafts of orders"),
    "orders:edit": _("change drafts of orders"),
    "orders:hold": _("put orders on hold"),
    "orders:issue": _("issue orders"),
    "orders:read": _("see orders"),
    "orders:respond": _("answer orders"),
    "orders:return": _("return orders to their authors"),
    "orders:submit": _("submit orders for approval"),
    "orders:withdraw": _("take back orders that were submitted"),
    "own-scorecards:read": _("see your own score"),
    "policy:read": _("read the access policy"),
    "prices:read": _("see prices"),
    "scorecards:configure": _("set how suppliers are scored"),
    "scorecards:read": _("see scores of suppliers"),
    "self:use": _("use the portal"),
    "suppliers:edit": _("maintain suppliers"),
    "suppliers:read": _("see suppliers"),
    "system:act": _("act for the portal itself"),
}


def named(permission: str) -> Message:
    """The permission in words; one that nobody named yet is told without its code."""
    return PERMISSIONS.get(permission) or _("do this")
