"""Freezing imported orders as their suppliers have them: documents are set from this, never from live rows."""

from typing import Any
from uuid import UUID

import msgspec

from portal.operations.imports.order_sql import SEEN
from portal.orders.queries import revision_snapshot
from portal.orders.tables import PurchaseOrder, PurchaseOrderLine
from portal.organisations.queries import Party
from portal.platform.work import Change
from portal.platform.work.flush import insert_all

BATCH = 500  # orders


async def freeze(change: Change) -> None:
    """One snapshot for each newly staged order that its supplier sees, as issuing it would have made."""
    found = await change.fetch(f"select id from import_order where outcome = 'new' and state in {SEEN} order by place")
    orders = [row["id"] for row in found]
    parties: dict[UUID, dict[str, Any]] = {}
    for start in range(0, len(orders), BATCH):
        rows = await _snapshots(change, orders[start : start + BATCH], parties)
        piece = insert_all("order_revision", rows)
        await change.fetch(piece.sql, *piece.values)


async def _snapshots(change: Change, chosen: list[UUID], parties: dict[UUID, dict[str, Any]]) -> list[dict[str, Any]]:
    orders = await change.fetch("select * from purchase_order where id = any($1)", chosen)
    by_order: dict[UUID, list[PurchaseOrderLine]] = {}
    for line in await change.fetch("select * from purchase_order_line where order_id = any($1) order by line", chosen):
        by_order.setdefault(line["order_id"], []).append(PurchaseOrderLine.of(dict(line)))
    named = {row[side] for row in orders for side in ("buyer_id", "supplier_id")}
    await _know(change, named - parties.keys(), parties)
    return [
        {
            "order_id": order.id,
            "revision": order.revision,
            "buyer_id": order.buyer_id,
            "shown_to": order.shown_to,
            "issued_at": order.issued_at,
            "snapshot": revision_snapshot(
                order, by_order[order.id], parties[order.buyer_id], parties[order.supplier_id]
            ),
        }
        for order in (PurchaseOrder.of(dict(row)) for row in orders)
    ]


async def _know(change: Change, unknown: set[UUID], parties: dict[UUID, dict[str, Any]]) -> None:
    columns = ", ".join(Party.__struct_fields__)
    for row in await change.fetch(f"select {columns} from organisation where id = any($1)", list(unknown)):
        parties[row["id"]] = msgspec.to_builtins(msgspec.convert(dict(row), Party))
