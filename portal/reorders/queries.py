"""What is ordered again: recipes of orders and of templates, with today's prices; the list of templates."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from portal.access.guards import allowed, require, scoped
from portal.catalogue.queries import Needed, Offered, offered_again
from portal.contracts.queries import Asked, in_force, winner
from portal.orders.queries import order_row
from portal.organisations.forms import PartyOut
from portal.organisations.queries import terms, terms_named
from portal.platform.paging import Bind, Page, Sort, order_of
from portal.platform.refusals import NotFound
from portal.platform.scope import visible
from portal.platform.work import View
from portal.reorders.forms import GUARDED, TemplateOut, TemplateRow
from portal.reorders.rules import CHANGED, USUAL_LEAD, Difference, Line, Recipe, RecipeLine, again, line_of
from portal.reorders.tables import OrderTemplate

READ = "order-templates:read"
SORTS = {"name": Sort("name", str, "text")}
_HEADER = (
    "supplier_id", "currency", "kind", "note", "internal_note", "site_id", "ship_to", "cost_centre",
    "purchasing_group", "incoterm", "payment_terms", "tolerances",
)  # fmt: skip
_PRICED = frozenset({"unit_price", "base_quantity", "price_unit"})
# What the revision that holds says, but for lines taken off it; wanted as many days after its day as then.
_LINES = f"""
select l.kind, l.item_id, l.item_number, l.description, l.quantity, l.unit,
  l.unit_price, l.base_quantity, l.price_unit, l.discount, l.tax_category, l.tax_rate, l.ship_to, l.free_of_charge,
  l.match_basis, l.contact,
  greatest(coalesce(l.requested_date - (o.created_at at time zone b.time_zone)::date, {USUAL_LEAD}), 0) as lead_days
from purchase_order_line l join purchase_order o on o.id = l.order_id join organisation b on b.id = o.buyer_id
where l.order_id = $1 and l.closed_to is distinct from 0 order by l.line
"""
_ROW = """t.id, t.name, t.version, t.shared, t.created_by = {person} as own, t.supplier_id, t.supplier_name, t.currency,
  jsonb_array_length(t.content -> 'lines') as line_count, t.created_at"""


class Anew(NamedTuple):
    """The body of a new order, and what differs in it from what it is made of."""

    body: dict[str, Any]
    differences: list[Difference]


async def recipe_of(view: View, order_id: UUID) -> tuple[Any, Recipe]:
    """What one of the organisation's orders that its reader may read says, to be ordered again."""
    order = await order_row(view, order_id)
    if order.buyer_id != view.actor.organisation_id:
        raise NotFound()
    lines = await view.structs(RecipeLine, _LINES, order_id)
    recipe = Recipe(**{name: getattr(order, name) for name in _HEADER}, lines=lines)
    if not allowed(view.actor, "internal-notes:read"):
        recipe.internal_note = ""
    return order, recipe


async def anew(view: View, recipe: Recipe) -> Anew:
    """The recipe at today's prices; who may not see prices is told only that they differ."""
    needed = {line_of(line): Needed(line.item_id, line.quantity, line.unit) for line in recipe.lines if line.item_id}
    lists = await offered_again(view, list(set(needed.values())), recipe.supplier_id, recipe.currency)
    asked = {line: lists[need] for line, need in needed.items() if need in lists}
    offers = await _by_contracts(view, recipe, asked)
    body, differences = again(recipe, offers, await _today(view))
    differences += await _terms_again(view, recipe, body)
    if not allowed(view.actor, "prices:read"):
        for each in differences:
            if each.field in _PRICED:
                each.before = each.now = None
    return Anew(body, differences)


async def _by_contracts(view: View, recipe: Recipe, lists: dict[Line, Offered]) -> dict[Line, Offered]:
    """What lists ask for each line, or where a contract in force has a price for it, what that one does."""
    agreed = await in_force(view, sorted({each.number for each in lists.values()}), recipe.supplier_id)
    if agreed is None:
        return lists
    lines = dict(lists)
    for line, each in lists.items():
        _item, quantity, unit, lead = line
        asked = Asked(quantity, unit, recipe.currency, agreed.day, agreed.day + timedelta(days=lead))
        if won := winner(agreed.offers.get(each.number, []), asked):
            basis = {"base_quantity": won.base_quantity, "price_unit": won.unit}
            lines[line] = replace(each, currency=won.currency, unit_price=won.unit_price, **basis)
    return lines


async def _terms_again(view: View, recipe: Recipe, body: dict[str, Any]) -> list[Difference]:
    """The same terms of payment, if they are offered still; else the supplier's, and the difference is told."""
    agreed = await terms(view, view.actor.organisation_id, recipe.supplier_id)
    usual, then = agreed.payment_terms if agreed else "", recipe.payment_terms
    if then in ("", usual):
        return []
    if await terms_named(view, then) is not None:
        body["payment_terms"] = then
        return []
    return [Difference(0, "payment_terms", CHANGED, then, usual)]


async def templates(view: View, *, cursor: str | None = None, limit: int = 50) -> Page[TemplateRow]:
    """One page of the templates its reader may use, by name: their own and those that are shared."""
    bind = Bind(view.actor.organisation_id)
    order = order_of(SORTS, "name", cursor)
    after, ending = order.sql("t", bind, limit)
    columns = _ROW.format(person=bind(view.actor.person_id))
    where = f"t.buyer_id = $1 and {scoped(view.actor, READ, 't', bind)}"
    records = await view.fetch(
        f"select {columns} from order_template t where {where} and {after} {ending}", *bind.values
    )
    page = order.turned(records, limit, lambda record: record["name"])
    return Page([TemplateRow(**_row(record)) for record in page.rows], page.older)


async def template_row(view: View, template_id: UUID, permission: str = READ) -> OrderTemplate:
    """The template's row for who may use it; another's that is not shared is 404."""
    record = await view.one("select * from order_template where id = $1", template_id)
    if record is None:
        raise NotFound()
    template = OrderTemplate.of(record)
    require(view.actor, permission, template)
    return template


def recipe_in(template: OrderTemplate) -> Recipe:
    return msgspec.convert(template.content, Recipe, strict=False)


def template_out(view: View, template: OrderTemplate) -> TemplateOut:
    """The whole template, prices and internal notes hidden from who may not see them."""
    recipe = recipe_in(template)
    row = {name: getattr(template, name) for name in ("id", "name", "version", "shared", "currency", "created_at")}
    out = TemplateOut(
        **row,
        own=template.created_by == view.actor.person_id,
        supplier=PartyOut(template.supplier_id, template.supplier_name),
        line_count=len(recipe.lines),
        note=recipe.note,
        internal_note=recipe.internal_note,
        lines=recipe.lines,
    )
    return visible(out, GUARDED, lambda permission: allowed(view.actor, permission))


async def named_so(view: View, name: str, but: Sequence[UUID] = ()) -> bool:
    """Whether a template of the reader's own is called so already."""
    sql = "select exists (select from order_template where created_by = $1 and name = $2 and id <> all($3))"
    return await view.value(sql, view.actor.person_id, name, list(but))


async def _today(view: View) -> date:
    sql = "select (portal.now() at time zone time_zone)::date from organisation where id = $1"
    return await view.value(sql, view.actor.organisation_id)


def _row(record: Any) -> dict[str, Any]:
    values = dict(record)
    party = PartyOut(values.pop("supplier_id"), values.pop("supplier_name"))
    return {name: values[name] for name in TemplateRow.__struct_fields__ if name != "supplier"} | {"supplier": party}
