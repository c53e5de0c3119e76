"""The clauses of a contract in a browser: their order, which come off, and one more at a time."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.clauses.queries import FACTS, library
from portal.contracts import commands
from portal.contracts.forms import ClausesForm, ContractOut
from portal.contracts.pages.entry import open_contract
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.refusals import FieldError, Invalid
from portal.platform.work import viewing
from portal.web import Form, page
from portal.web.flash import go
from portal.web.input import Typed, as_seen, read_form

AT = "/contracts/{contract_id:uuid}/clauses"
MOST_DIGITS = 4


@get(AT, guards=[may("contracts:edit")], include_in_schema=False)
async def edit(actor: Acting, contract_id: FromPath[UUID]) -> Response[Any]:
    return await _page(actor, await open_contract(actor, contract_id), Form({}))


@post(AT, guards=[may("contracts:edit")], include_in_schema=False)
async def save(request: Request[Any, Any, Any], actor: Acting, contract_id: FromPath[UUID]) -> Response[Any]:
    typed, contract = await read_form(request), await open_contract(actor, contract_id)
    kept, added = _kept(typed, contract), _added(typed)
    pairs = [(f"clauses.{place}.keep", each) for place, each in enumerate(kept)]
    pairs += [(f"clauses.{len(kept) + place}.{name}", said) for place, each in enumerate(added) for name, said in each]
    try:
        form = Typed(pairs).convert(ClausesForm, only=("clauses",)) if pairs else ClausesForm(clauses=[])
        await commands.set_clauses(as_seen(actor, typed), contract_id, form)
    except Invalid as refusal:
        return await _page(actor, contract, Form(typed.values, _placed(refusal)), status=422)
    return go(f"/contracts/{contract_id}/clauses", _("The clauses of {number} are saved.", number=contract.number))


def _kept(typed: Typed, contract: ContractOut) -> list[str]:
    """What stays, by the numbers that were typed beside it; without one a clause stands where it stood."""
    staying = [each for each in contract.clauses if f"off.{each.id}" not in typed.values]
    return [str(each.id) for each in sorted(staying, key=lambda each: (_place(typed, each), each.position))]


def _place(typed: Typed, clause: Any) -> int:
    said = typed.values.get(f"place.{clause.id}", "").strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS else clause.position


def _added(typed: Typed) -> list[list[tuple[str, str]]]:
    """One of the library, one that was written here, both or none."""
    chosen = typed.values.get("clause_id", "")
    own = [(name, typed.values.get(name, "")) for name in ("title", "body")]
    written = [(name, said) for name, said in own if said.strip()]
    return [each for each in ([("clause_id", chosen)] if chosen else [], written) if each]


def _placed(refusal: Invalid) -> list[FieldError]:
    """At the fields of the page: what stays there cannot be wrong, unless somebody else took it off meanwhile."""
    return [FieldError(error.field.rpartition(".")[2].replace("keep", ""), error.message) for error in refusal.errors]


async def _page(actor: Actor, contract: ContractOut, form: Form, *, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        offered = [(str(each.id), each.title) for each in await library(view) if not each.retired]
    return page("contracts/clauses.html", status=status, contract=contract, form=form, offered=offered, facts=FACTS)


HANDLERS = [edit, save]
