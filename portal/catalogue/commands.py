"""Keeping items and prices."""

from typing import Any

from portal.catalogue.events import ItemAdded
from portal.catalogue.tables import Item
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.work import changing


async def add_item(actor: Actor, *, number: str, name: str, unit: str, **columns: Any) -> Item:
    """A new item in the organisation's own numbering."""
    async with changing(actor) as change:
        change.require("items:edit")
        item = change.add(
            Item(
                id=new_id(),
                organisation_id=actor.organisation_id,
                number=number,
                name=name,
                unit=unit,
                search=f"{number} {name}".lower(),
                created_at=change.now,
                **columns,
            )
        )
        change.record(ItemAdded(item.id), item)
    return item
