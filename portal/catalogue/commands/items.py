"""Keeping items: adding, editing, taking one out of what is ordered and back."""

from typing import Any
from uuid import UUID

import msgspec

from portal.catalogue.events import ItemAdded, ItemEdited, ItemReinstated, ItemRetired
from portal.catalogue.forms import ItemForm
from portal.catalogue.tables import Item
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Conflict, FieldError
from portal.platform.work import Change, changing


async def add_item(actor: Actor, form: ItemForm) -> Item:
    """A new item in the organisation's own numbering."""
    async with changing(actor) as change:
        change.require("items:edit")
        item = Item(id=new_id(), organisation_id=actor.organisation_id, tolerances={}, created_at=change.now)
        await _say(change, item, form)
        change.record(ItemAdded(item.id), change.add(item))
    return item


async def edit_item(actor: Actor, item_id: UUID, form: ItemForm) -> Item:
    """Say something else of an item. Its unit stays once prices are in it: they would mean something else."""
    async with changing(actor, Item, item_id) as (change, item):
        change.require("items:edit", item)
        if form.unit != item.unit and await change.value(_PRICED, item.id):
            message = _("There are prices of this item, which count in its unit. Add another item for another unit.")
            raise Conflict(message, errors=[FieldError("unit", message)], subject_id=item.id)
        await _say(change, item, form)
        change.write(item)
        change.record(ItemEdited(item.id), item)
    return item


async def retire_item(actor: Actor, item_id: UUID, reason: str = "") -> Item:
    """Order it no more: entry offers it to nobody, and what was ordered goes on."""
    async with changing(actor, Item, item_id) as (change, item):
        change.require("items:edit", item)
        if not item.active:
            raise Conflict(_("This item is not ordered any more already."), subject_id=item.id)
        item.active = False
        change.write(item)
        change.record(ItemRetired(item.id, reason), item)
    return item


async def reinstate_item(actor: Actor, item_id: UUID) -> Item:
    """Order it again."""
    async with changing(actor, Item, item_id) as (change, item):
        change.require("items:edit", item)
        if item.active:
            raise Conflict(_("This item is ordered as it is."), subject_id=item.id)
        item.active = True
        change.write(item)
        change.record(ItemReinstated(item.id), item)
    return item


async def _say(change: Change, item: Item, form: ItemForm) -> None:
    await _require_new(change, item, form)
    plain = msgspec.structs.asdict(form)
    for name in ("number", "name", "unit", "tax_category", "tax_rate"):
        setattr(item, name, plain[name])
    item.category, item.gtin = form.category or "", form.gtin or ""
    item.search = f"{form.number} {form.name}".lower()


async def _require_new(change: Change, item: Item, form: ItemForm) -> None:
    """A number is one item's; a name or GTIN that another item has is asked about, once."""
    told = (item.id, form.number, form.name.lower(), form.gtin or "")
    found = await change.fetch(_ALIKE, change.actor.organisation_id, *told)
    errors = [error for each in found if (error := _clash(each, form))]
    if errors:
        raise Conflict(errors[0].message, errors=errors)


def _clash(other: Any, form: ItemForm) -> FieldError | None:
    if other["number"] == form.number:
        return FieldError("number", _("There is an item of this number already: {name}.", name=other["name"]))
    if form.another:
        return None
    field = "name" if other["name"].lower() == form.name.lower() else "gtin"
    said = _("{number} looks the same: {name}. Is it another one? Then say so below.", **dict(other))
    return FieldError(field, said)


_PRICED = "select true from supplier_price where item_id = $1 limit 1"
_ALIKE = """
select number, name from item where organisation_id = $1 and id <> $2
  and (number = $3 or lower(name) = $4 or ($5 <> '' and gtin = $5)) order by number <> $3, number limit 5
"""
