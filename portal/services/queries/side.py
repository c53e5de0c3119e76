"""Whose service entries a reader sees: a supplier's own, a buyer's once they are submitted, those in scope."""

from collections.abc import Callable
from typing import Any

from portal.access.guards import allowed, scoped
from portal.platform.actor import Actor
from portal.shipments.queries import within_orders

READ = "service-entries:read"


def reads_as_buyer(actor: Actor) -> bool:
    """On which side of services somebody stands; who is both reads as supplier if entering them is their work."""
    return actor.is_buyer and not allowed(actor, "service-entries:create")


def side_of(actor: Actor) -> str:
    """The column that names the reader's side: the index every list walks."""
    return "shown_to" if reads_as_buyer(actor) else "supplier_id"


def readable(actor: Actor, alias: str, bind: Callable[[Any], str]) -> str:
    """An SQL condition: the entries the reader's role reaches; a buyer's scope is that of the order."""
    if not reads_as_buyer(actor):
        return scoped(actor, READ, alias, bind)
    order = f"select from purchase_order o where o.id = {alias}.order_id"
    return within_orders(scoped(actor, READ, "o", bind), order)
