"""Which documents a batch is of: those that whoever asks for it may open one by one."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import msgspec

from portal.access.guards import require
from portal.analytics.queries import statements_of_month
from portal.invoicing.queries import BUYING, SELLING, InvoiceFilter, credits_of_month, invoices_of_month, side_of
from portal.operations.batches.forms import BatchForm
from portal.operations.batches.rules import MOST
from portal.platform.actor import Actor, Scope
from portal.platform.calendar import Month
from portal.platform.canonical import canonical
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, Invalid
from portal.platform.wiring import DOCUMENTS
from portal.platform.work import View


class Of(NamedTuple):
    """A kind of document: its name, the permission that lists its records, the query for those of a month, and who
    writes it."""

    title: Message
    permission: str
    query: Callable[..., Awaitable[list[Any]]]
    author: str


KINDS: Final[Mapping[str, Of]] = MappingProxyType(
    {
        "invoice": Of(_("Invoices"), "invoices:read", invoices_of_month, "supplier"),
        "credit-note": Of(_("Credit notes"), "credit-notes:read", credits_of_month, "supplier"),
        "statement": Of(_("Statements"), "open-items:read", statements_of_month, "buyer"),
    }
)


def require_kind(actor: Actor, kind: str) -> None:
    """Whoever may not open one document of the kind gets no batch of them either."""
    require(actor, KINDS[kind].permission)
    require(actor, DOCUMENTS[kind].permission)


class AskedWith(msgspec.Struct, frozen=True):
    """What a batch is asked for with. A key for programs has fewer roles than its person."""

    roles: frozenset[str]
    scope: Scope


def rights_of(actor: Actor) -> str:
    return canonical({"roles": sorted(actor.roles), "scope": msgspec.to_builtins(actor.scope)}).decode()


def with_rights(actor: Actor, kind: str, rights: str) -> Actor:
    """Whoever asked, with what they asked with and no more. Raises `Denied`, or `Conflict` if they have less now, or
    look after another part of the organisation."""
    asked = msgspec.json.decode(rights, type=AskedWith)
    require_kind(actor, kind)
    if asked.scope != actor.scope or not asked.roles <= actor.roles:
        raise Conflict(_("Your rights are not those with which this batch was asked for. Ask for it again."))
    return msgspec.structs.replace(actor, roles=asked.roles)


def direction_of(actor: Actor, form: BatchForm) -> str:
    """Sent or received: who only buys or only sells need not say it, and who does both is asked for what it does."""
    author = KINDS[form.kind].author
    if actor.is_buyer and actor.is_supplier and form.direction:
        return form.direction
    sells = side_of(actor, InvoiceFilter()) == SELLING
    return "sent" if sells == (author == "supplier") else "received"


async def chosen(view: View, form: BatchForm) -> list[Any]:
    """Its records with number, partner and date; none, or too many, is `Invalid`."""
    of, month = KINDS[form.kind], Month.parse(form.month)
    sells = (direction_of(view.actor, form) == "sent") == (of.author == "supplier")
    side = SELLING if sells else BUYING
    found = await of.query(view, side, month.first, month.plus(1).first, form.partner_id, MOST + 1)
    if not found:
        asked = "partner_id" if form.partner_id else "month"
        raise Invalid.field(asked, _("There is nothing of this kind in this month, or none that you may open."))
    if len(found) > MOST:
        raise Invalid.field("partner_id", _("These are more than {most} documents. Choose one partner.", most=MOST))
    return found
