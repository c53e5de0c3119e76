"""Keys for programs: making, listing and revoking them."""

from uuid import UUID

from litestar import Response, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from portal.access import commands, queries
from portal.access.forms import ApiKeyMade, ApiKeyOut, KeyForm
from portal.access.guards import Acting, may, require
from portal.platform.work import viewing


@get("/api-keys", guards=[may("self:use")], operation_id="listApiKeys", summary="API keys", about_oneself=True)
async def list_keys(actor: Acting, everybody: FromQuery[bool] = False) -> list[ApiKeyOut]:
    """One's own keys for this organisation, with their last use; administrators may ask for `everybody`'s."""
    if everybody:
        require(actor, "members:edit")
    async with viewing(actor) as view:
        return await queries.api_keys(view, None if everybody else actor.person)


@post("/api-keys", guards=[may("self:use")], operation_id="createApiKey", summary="Make an API key")
async def create_key(actor: Acting, data: JSONBody[KeyForm]) -> ApiKeyMade:
    """A key that acts as oneself in the roles named, for some days. It is shown this once. No `Idempotency-Key` counts
    here: an answer with a secret is kept nowhere."""
    return await commands.make_own_key(actor, data)


@delete("/api-keys/{key_id:uuid}", guards=[may("self:use")], operation_id="revokeApiKey", summary="Revoke an API key")
async def revoke_key(actor: Acting, key_id: FromPath[UUID]) -> Response[None]:
    """One's own, or as an administrator anybody's of the company."""
    await commands.revoke_api_key(actor, key_id)
    return Response(None, status_code=204)


HANDLERS = (list_keys, create_key, revoke_key)
