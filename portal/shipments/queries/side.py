"""Whose despatch advices a reader sees: a supplier's own, a buyer's once they are shown, those in scope."""

from collections.abc import Callable
from typing import Any

from portal.access.guards import allowed, scoped
from portal.platform.actor import Actor

READ = "despatch-advices:read"


def reads_as_buyer(actor: Actor) -> bool:
    """On which side of deliveries somebody stands; who is both reads as supplier if despatching is their work."""
    return actor.is_buyer and not allowed(actor, "despatch-advices:create")


def side_of(actor: Actor) -> str:
    """The column that names the reader's side: the index every list walks."""
    return "shown_to" if reads_as_buyer(actor) else "supplier_id"


def within_orders(scope: str, lines: str) -> str:
    """What a buyer's scope means for a delivery: one of its orders lies in it. `lines` joins orders as `o`."""
    return f"exists ({lines} and {scope})" if "o." in scope else scope


def readable(actor: Actor, alias: str, bind: Callable[[Any], str]) -> str:
    """An SQL condition: the advices the reader's role reaches."""
    if not reads_as_buyer(actor):
        return scoped(actor, READ, alias, bind)
    lines = f"select from despatch_line l join purchase_order o on o.id = l.order_id where l.advice_id = {alias}.id"
    return within_orders(scoped(actor, READ, "o", bind), lines)
