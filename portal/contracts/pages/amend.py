"""Beginning an amendment in a browser: a draft that says what holds, ready to be changed."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.contracts import commands
from portal.platform.i18n import _
from portal.web.flash import go
from portal.web.input import as_seen, read_form


@post("/contracts/{contract_id:uuid}/amendments", guards=[may("contracts:create")], include_in_schema=False)
async def amend(request: Request[Any, Any, Any], actor: Acting, contract_id: FromPath[UUID]) -> Response[Any]:
    draft = await commands.amend(as_seen(actor, await read_form(request)), contract_id)
    text = _("{number} says what holds now. Change what is to be otherwise, then show it.", number=draft.number)
    return go(f"/contracts/{draft.id}/edit", text)


HANDLERS = [amend]
