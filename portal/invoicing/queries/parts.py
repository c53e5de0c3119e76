"""What an invoice is decided on and told from besides its row, as commands name it when they begin."""

from uuid import UUID

from portal.access.duties import duties
from portal.invoicing.queries.matching import FINDINGS, MATCHED
from portal.invoicing.queries.one import OWING
from portal.invoicing.queries.source import HEADS_BILLED
from portal.invoicing.queries.told import LINES
from portal.orders.queries import Ledgers
from portal.platform.actor import Actor
from portal.platform.work.parts import Root, Wanted

LEDGERS = Ledgers("invoice_line", "invoice_id")


def seen_of(actor: Actor, invoice_id: UUID) -> tuple[Wanted, ...]:
    """Its orders, lines, findings, its lines beside the ledger, what is owed, and who did what on its order."""
    return (
        HEADS_BILLED.of(invoice_id),
        LINES.of(invoice_id),
        FINDINGS.of(invoice_id),
        MATCHED.of(invoice_id, Root("submitted_at")),
        OWING.of(Root("buyer_id"), Root("supplier_id"), actor.time_zone, invoice_id),
        duties(actor, Root("order_id")),
    )
