"""Whose despatch advices a reader sees: a supplier's own, a buyer's once they are shown, those in scope."""

from collections.abc import Callable
from typing import Any

from portal.access.guards import allowed, scoped
from portal.platform.actor import Actor

READ = "despatch-advices:read"


def side_of(actor: Actor) -> str:
    """The column that names the reader's side: the index every list walks.

    Who is both buyer and supplier reads as supplier if despatching is their work.
    """
    return "shown_to" if actor.is_buyer and not allowed(actor, "despatch-advices:create") else "supplier_id"


def readable(actor: Actor, alias: str, bind: Callable[[Any], str]) -> str:
    """An SQL condition: the advices the reader's role reaches. A buyer's scope is that of the orders in them."""
    if side_of(actor) == "supplier_id":
        return scoped(actor, READ, alias, bind)
    of_order = scoped(actor, READ, "o", bind)
    if "o." not in of_order:
        return of_order
    lines = f"select from despatch_line l join purchase_order o on o.id = l.order_id where l.advice_id = {alias}.id"
    return f"exists ({lines} and {of_order})"
