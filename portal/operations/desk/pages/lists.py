"""The list of imports, and the form that begins one."""

from typing import Any

from litestar import Request, Response, get, post

from portal.access.guards import Acting, allowed, may
from portal.operations.desk import commands, queries, words
from portal.operations.desk.commands.choosing import HISTORY, Wish
from portal.operations.desk.commands.prepare import require_files
from portal.operations.desk.looks import LOOKS
from portal.operations.desk.pages.steps import kept_options, lead, uuid_of
from portal.operations.desk.reception import (
    ENCODING,
    ENCODINGS,
    FILES,
    LONGEST_BODY,
    WANTED,
    Delivery,
    received,
    written_as,
)
from portal.platform.actor import Actor
from portal.platform.refusals import Invalid
from portal.platform.work import viewing
from portal.web import page
from portal.web.forms import Form
from portal.web.upload import STREAMED

AnyRequest = Request[Any, Any, Any]


@get("/imports", guards=[may("imports:read")], include_in_schema=False)
async def list_imports(request: AnyRequest, actor: Acting) -> Response[Any]:
    async with viewing(actor) as view:
        found = await queries.imports(view, cursor=request.query_params.get("cursor"))
    return page("imports/list.html", found=found, kinds=words.KINDS, looks=LOOKS, runs=allowed(actor, "imports:run"))


@get("/imports/new", guards=[may("imports:run")], include_in_schema=False)
async def new(actor: Acting) -> Response[Any]:
    return await _form(actor, Form())


@post(
    "/imports",
    guards=[may("imports:run")],
    include_in_schema=False,
    opt=STREAMED,
    request_max_body_size=LONGEST_BODY,
)
async def create(request: AnyRequest, actor: Acting) -> Response[Any]:
    """Files, and what is known of them already; the next page shows what they seem to mean."""
    try:
        async with received(request, actor) as delivery:
            require_files(delivery.files)
            made = await commands.open_import(actor, delivery.files, _wish(delivery))
    except Invalid as refusal:
        return await _form(actor, Form({}, refusal.errors), 422)
    known = delivery.mapping is not None or delivery.fields.get("mapping_id")
    return lead(request, f"/imports/{made.id}{'' if known else '/mapping'}")


async def _form(actor: Actor, form: Form, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        kept = await kept_options(view)
    told = {"kinds": kinds_for(actor), "history": allowed(actor, "imports:history"), "encodings": ENCODINGS}
    return page("imports/new.html", status=status, form=form, kept=kept, wanted=WANTED, files=FILES, **told)


def kinds_for(actor: Actor) -> list[tuple[str, Any]]:
    """The kinds that this person may bring."""
    history = allowed(actor, "imports:history")
    return [(kind, name) for kind, name in words.KINDS.items() if history or kind not in HISTORY]


def _wish(delivery: Delivery) -> Wish:
    kind = delivery.fields.get("kind", "")
    mapping_id, written = uuid_of(delivery.fields.get("mapping_id", "")), written_as(delivery.fields.get(ENCODING, ""))
    return Wish(kind if kind in words.KINDS else "", delivery.mapping, mapping_id, written)


HANDLERS = [list_imports, new, create]
