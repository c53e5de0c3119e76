"""Open items as files: one row for each open line and invoice."""

from collections.abc import AsyncIterator
from typing import Any

from portal.analytics.forms import OpenItem, OpenItems
from portal.analytics.queries import Asked, every_item, open_items
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.work import viewing
from portal.platform.workbook import Sheet, workbook

KINDS: dict[str, Message] = {
    "not_received": _("Ordered, not received (net)"),
    "not_invoiced": _("Received, not invoiced (net)"),
    "not_settled": _("Invoiced, not settled (gross)"),
}
_SUMS = ("not_received", "not_invoiced", "not_settled", "overdue")


def header() -> list[Message]:
    titles = [_("What is open"), _("Customer"), _("Supplier"), _("Number"), _("Line"), _("Description")]
    return [
        *titles,
        _("Quantity"),
        _("Unit"),
        _("Amount, net"),
        _("Amount, gross"),
        _("Currency"),
        _("Due"),
        _("In your currency"),
        _("Own currency"),
    ]


def row_of(item: OpenItem) -> list[Any]:
    told = [KINDS[item.kind], item.buyer.name, item.supplier.name, item.number, item.line, item.description]
    net, gross = (None, item.amount) if item.kind == "not_settled" else (item.amount, None)
    return [*told, item.quantity, item.unit, net, gross, item.currency, item.due, item.own_amount, item.own_currency]


async def as_workbook(actor: Actor, asked: Asked) -> Any:
    """Two sheets: the sums by partner and currency, and every item."""
    async with viewing(actor) as view:
        found = await open_items(view, asked)
    titles = [_("Customer"), _("Supplier"), _("Currency"), *KINDS.values(), _("Overdue (gross)")]
    return await workbook(
        [
            Sheet(str(_("Sums")), titles, _sums(found)),
            Sheet(str(_("Open items")), header(), rows(actor, asked)),
        ]
    )


async def rows(actor: Actor, asked: Asked) -> AsyncIterator[list[Any]]:
    async with viewing(actor) as view:
        async for item in every_item(view, asked):
            yield row_of(item)


async def _sums(found: OpenItems) -> AsyncIterator[list[Any]]:
    for pair in found.pairs:
        yield [pair.buyer.name, pair.supplier.name, pair.currency, *(getattr(pair, name) for name in _SUMS)]
