"""Suppliers in a browser: the list, and one supplier with what later capabilities know about it."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from portal.access.guards import Acting, allowed, may, panels, require
from portal.access.verbs import page_verbs
from portal.organisations import commands, queries
from portal.organisations.forms import OverrideForm, SupplierOut
from portal.organisations.rules import CONSEQUENCES
from portal.organisations.states import NAMES, RELATION
from portal.organisations.tables import TradingRelationship
from portal.organisations.verbs import VERBS, WHY
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.wiring import Panel
from portal.platform.work import View, viewing
from portal.web import Form, page
from portal.web.acts import Act
from portal.web.flash import go
from portal.web.input import as_seen, read_form, reason_of
from portal.web.parts import Action, Found
from portal.web.render import url

ACTS = {
    "approve": Act(_("Approve"), "/approve", "primary", "check", versioned=True),
    "reinstate": Act(_("Trade again"), "/reinstate", icon="refresh", versioned=True),
    "suspend": Act(_("Put on hold"), "/suspend", icon="player-pause", why=WHY, versioned=True),
    "end": Act(
        _("End trading"), "/end", "danger", "ban", WHY,
        _("Nothing new is ordered from here on; what was ordered goes on to its end."), versioned=True,
    ),
}  # fmt: skip
FIRST = 8
LONGEST = 200


@get("/suppliers", guards=[may("suppliers:read")], include_in_schema=False)
async def list_suppliers(request: Request[Any, Any, Any], actor: Acting) -> Response[Any]:
    """A buyer's suppliers; a supplier is led to itself."""
    if not actor.is_buyer:
        return Redirect(f"/suppliers/{actor.organisation_id}", status_code=303)
    asked = request.query_params
    words, state = asked.get("query", "")[:LONGEST], asked.get("state") if asked.get("state") in NAMES else None
    async with viewing(actor) as view:
        found = await queries.suppliers(view, words, state, cursor=asked.get("cursor"))
        columns = await panels(view, "suppliers", [row.id for row in found.rows])
    return page(
        "suppliers/list.html",
        found=found,
        words=words,
        state=state,
        states=NAMES,
        columns=columns,
        cap=queries.MOST_FOUND,
    )


@get("/suppliers/{supplier_id:uuid}", guards=[may("suppliers:read")], include_in_schema=False)
async def show(request: Request[Any, Any, Any], actor: Acting, supplier_id: FromPath[UUID]) -> Response[Any]:
    """One supplier; a supplier that looks at itself chooses as whose supplier."""
    return await shown(actor, supplier_id, request.query_params.get("customer", ""))


async def shown(
    actor: Actor, supplier_id: UUID, customer: str = "", *, form: Form | None = None, status: int = 200
) -> Response[Any]:
    """The same page, also for an exception that was asked for and is incomplete: `form` is what was typed."""
    async with viewing(actor) as view:
        supplier = await queries.supplier(view, supplier_id)
        relations = await queries.relationships(view, supplier_id)
        relation = _chosen(relations, customer)
        sections = await panels(view, "supplier", relation) if relation else []
        agrees = allowed(actor, "payment-terms:agree") and supplier_id != actor.organisation_id
        offered = await queries.payment_terms(view, retired=False) if agrees else []
        customers = await queries.customer_choices(view) if supplier_id == actor.organisation_id else []
    return page(
        "suppliers/show.html",
        status=status,
        form=form or Form(),
        supplier=supplier,
        relation=relation,
        customers=customers,
        offered=[(str(term.id), term.name) for term in offered],
        panels=sections,
        own=supplier_id == actor.organisation_id,
        acts=_acts(actor, supplier, relation),
    )


def _acts(actor: Actor, supplier: SupplierOut, relation: TradingRelationship | None) -> list[Action]:
    """What may be done about a supplier of one's own, the most usual first."""
    if relation is None or relation.buyer_id != actor.organisation_id:
        return []
    at = f"/suppliers/{supplier.id}"
    shown = []
    if allowed(actor, "orders:create") and relation.state != "ended":
        shown.append(Action(_("New order"), url("/orders/new", supplier_id=str(supplier.id)), "primary", "plus", False))
    if allowed(actor, "suppliers:edit"):
        shown.append(Action(_("Edit"), f"{at}/edit", icon="pencil", post=False))
    verbs = RELATION.possible(relation, lambda permission, about: require(actor, permission, about))
    return shown + [ACTS[verb].at(at, supplier.version) for verb in verbs]


@post("/suppliers/{supplier_id:uuid}/standing-overrides", guards=[may("suppliers:override")], include_in_schema=False)
async def override(request: Request[Any, Any, Any], actor: Acting, supplier_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_form(request)
    try:
        wanted = typed.convert(OverrideForm, only=OverrideForm.__struct_fields__)
        made = await commands.override_standing(actor, supplier_id, wanted)
    except Invalid as refusal:
        return await shown(actor, supplier_id, form=typed.again(refusal), status=422)
    said = _("Orders go to {supplier} until {day}.", supplier=made.supplier_name, day=made.until)
    return go(f"/suppliers/{supplier_id}", said)


@post(
    "/suppliers/{supplier_id:uuid}/standing-overrides/{override_id:uuid}/end",
    guards=[may("suppliers:override")],
    include_in_schema=False,
)
async def end_override(
    request: Request[Any, Any, Any], actor: Acting, supplier_id: FromPath[UUID], override_id: FromPath[UUID]
) -> Response[Any]:
    typed = await read_form(request)
    ended = await commands.end_override(as_seen(actor, typed), override_id, reason_of(typed))
    return go(f"/suppliers/{supplier_id}", _("The standing of {supplier} counts again.", supplier=ended.supplier_name))


async def _standing(view: View, relation: Any) -> Any:
    """What the supplier's standing brings, for the buyer alone; nothing where it brings nothing."""
    if relation.buyer_id != view.actor.organisation_id:
        return None
    agreed = await queries.terms(view, relation.buyer_id, relation.supplier_id)
    history = (await queries.overrides(view, relation.supplier_id)).items
    if agreed is None or (agreed.consequence == "none" and not history):
        return None
    may_override = allowed(view.actor, "suppliers:override")
    return {
        "agreed": agreed,
        "brings": CONSEQUENCES[agreed.standing_brings],
        "history": history,
        "overrides": may_override,
        "at": f"/suppliers/{relation.supplier_id}/standing-overrides",
    }


async def found(view: View, words: str) -> list[Found]:
    """What the search over all comes upon among the suppliers."""
    if not view.actor.is_buyer:
        return []
    rows = (await queries.suppliers(view, words, limit=FIRST)).rows
    return [
        Found(
            title=row.name,
            href=f"/suppliers/{row.id}",
            detail=row.number or "",
            state=row.state or "",
            exact=words.casefold() in (row.name.casefold(), (row.number or "").casefold()),
        )
        for row in rows
    ]


def _chosen(relations: list[TradingRelationship], customer: str) -> TradingRelationship | None:
    wanted = [relation for relation in relations if str(relation.buyer_id) == customer]
    return next(iter(wanted or relations), None)


PANELS = {"supplier": [Panel(_standing, "suppliers/standing.html", 5, "scorecards:read")]}
HANDLERS = [
    list_suppliers,
    show,
    override,
    end_override,
    *page_verbs("/suppliers", "supplier_id", VERBS, shown),
]
