"""What administrators keep: invitations, their people's sessions, the policy of signing in, terms."""

from uuid import UUID

import msgspec
from litestar import Response, get, post, put
from litestar.params import FromPath, JSONBody

from portal.access import commands, queries
from portal.access.api.account import legal_text
from portal.access.duties import sentences
from portal.access.forms import (
    Admission,
    FormerLinksOut,
    InvitationOut,
    LegalForm,
    LegalTextOut,
    ProviderForm,
    ProviderOut,
    SecurityForm,
    SecurityOut,
)
from portal.access.guards import Acting, may
from portal.access.tables import IdentityProvider, Invitation, Organisation
from portal.platform.actor import Actor
from portal.platform.refusals import NotFound
from portal.platform.settings import settings
from portal.platform.work import viewing
from portal.web.answers import tagged


@get("/invitations", guards=[may("members:read")], operation_id="listInvitations", summary="Invitations")
async def list_invitations(actor: Acting) -> list[InvitationOut]:
    """Open ones first, then the newest."""
    async with viewing(actor) as view:
        return await queries.invitations(view)


@post("/invitations", guards=[may("members:add")], operation_id="inviteMember", summary="Invite somebody")
async def invite(actor: Acting, data: JSONBody[Admission]) -> InvitationOut:
    """A mail with a link goes out; whoever accepts it is a member with these rights."""
    return _invitation(actor, await commands.invite(actor, data))


@post(
    "/invitations/{invitation_id:uuid}/send-again",
    guards=[may("members:add")],
    operation_id="inviteAgain",
    summary="Send an invitation once more",
    status_code=200,
)
async def invite_again(actor: Acting, invitation_id: FromPath[UUID]) -> InvitationOut:
    """With a new link; the old one is dead."""
    return _invitation(actor, await commands.invite_again(actor, invitation_id))


@post(
    "/invitations/{invitation_id:uuid}/withdraw",
    guards=[may("members:add")],
    operation_id="withdrawInvitation",
    summary="Withdraw an invitation",
    status_code=200,
)
async def withdraw(actor: Acting, invitation_id: FromPath[UUID]) -> InvitationOut:
    """The link leads nowhere from here on."""
    return _invitation(actor, await commands.withdraw_invitation(actor, invitation_id))


@get("/security", guards=[may("security:configure")], operation_id="getSecuritySettings", summary="Sign-in policy")
async def show_security(actor: Acting) -> Response[SecurityOut]:
    """When a second factor is asked for, and how long sessions last."""
    async with viewing(actor) as view:
        return tagged(_security(await queries.security(view)))


@put(
    "/security",
    guards=[may("security:configure")],
    operation_id="setSecuritySettings",
    summary="Set the sign-in policy",
)
async def set_security(actor: Acting, data: JSONBody[SecurityForm]) -> Response[SecurityOut]:
    """Holds at once, also for open sessions."""
    return tagged(_security(await commands.set_security(actor, data)))


@get(
    "/identity-provider",
    guards=[may("security:configure")],
    operation_id="getIdentityProvider",
    summary="The company's own sign-in",
)
async def show_provider(actor: Acting) -> Response[ProviderOut]:
    """404 if there is none. The client's secret is never told."""
    async with viewing(actor) as view:
        found = await queries.provider(view)
    if found is None or not found.issuer:
        raise NotFound()
    return tagged(_provider(found))


@put(
    "/identity-provider",
    guards=[may("security:configure")],
    operation_id="setIdentityProvider",
    summary="Set the company's own sign-in",
)
async def set_provider(actor: Acting, data: JSONBody[ProviderForm]) -> Response[ProviderOut]:
    """OpenID Connect with a code and PKCE. The provider is asked before it is kept; its domain is that of one's own
    address.

    Takes a second factor. What was asked for waits as a setting, `proposed`, for a second person to approve it; the
    secret of another issuer or client waits with it. Turning it off holds at once, and so does a new secret.
    """
    done = await commands.set_provider(actor, data)
    answer = _provider(done.row)
    if done.setting_id is None:
        return tagged(answer)
    proposed = msgspec.structs.replace(answer, state="proposed", setting_id=done.setting_id, **done.wanted)
    return Response(proposed)


@post(
    "/identity-provider/unlink-former",
    guards=[may("members:edit")],
    operation_id="unlinkFormerMembers",
    summary="Remove all members' links to a provider or client id that was replaced",
    status_code=200,
)
async def unlink_former(actor: Acting) -> FormerLinksOut:
    """Takes a second factor. Whose links they were is signed out, and linked anew by a confirmed address; 409 if there
    are none."""
    return FormerLinksOut(await commands.unlink_former(actor))


@get("/legal-texts", guards=[may("terms:publish")], operation_id="listLegalTexts", summary="Terms and privacy notices")
async def list_texts(actor: Acting) -> list[LegalTextOut]:
    """All editions of one's own, the newest first."""
    async with viewing(actor) as view:
        return [legal_text(text) for text in await queries.legal_texts(view)]


@post("/legal-texts", guards=[may("terms:publish")], operation_id="publishLegalText", summary="Publish an edition")
async def publish(actor: Acting, data: JSONBody[LegalForm]) -> LegalTextOut:
    """Own people and those of suppliers are asked to accept it when they sign in next."""
    return legal_text(await commands.publish_text(actor, data))


def _invitation(actor: Actor, row: Invitation) -> InvitationOut:
    told = (row.id, row.email, row.full_name, row.roles, row.state, row.created_at, row.expires_at)
    return InvitationOut(*told, [str(why) for why in sentences(row.roles, actor.organisation_kind)])


def _security(row: Organisation) -> SecurityOut:
    return SecurityOut(
        version=row.version,
        second_factor=row.second_factor,
        second_factor_roles=row.second_factor_roles,
        session_idle_minutes=row.session_idle_minutes,
        session_hours=row.session_hours,
        dormant_days=row.dormant_days,
    )


def _provider(row: IdentityProvider) -> ProviderOut:
    back = settings().url + commands.BACK
    return ProviderOut(row.version, row.issuer, row.client_id, row.domain, row.active, back)


HANDLERS = (
    *(list_invitations, invite, invite_again, withdraw),
    *(show_security, set_security, show_provider, set_provider, unlink_former, list_texts, publish),
)
