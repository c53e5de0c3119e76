"""What people keep of their own account: password, second factor, terms they accepted."""

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, JSONBody

from portal.access import commands, queries
from portal.access.api.sessions import answered, told, where
from portal.access.cookies import set_session
from portal.access.forms import (
    AskForLink,
    CodeForm,
    FactorsOut,
    LegalTextOut,
    Me,
    NewPassword,
    OrganisationRef,
    PasswordForm,
    PresentPassword,
    RecoveryCodesOut,
    Said,
    TermsAccepted,
    TotpOut,
)
from portal.access.guards import Acting, may, public
from portal.access.identify import session_cookie
from portal.access.tables import LegalText
from portal.platform.i18n import _
from portal.platform.work import viewing

AnyRequest = Request[Any, Any, Any]
LINK_SENT = _("If there is an account with this address, a mail with a link is on its way. The link works for an hour.")
PASSWORD_SET = _("Your password is set. Sign in with it.")


@post("/password-links", guards=[public], operation_id="askForPasswordLink", summary="Lost password", status_code=200)
async def ask_for_link(request: AnyRequest, data: JSONBody[AskForLink]) -> Said:
    """Have a link for a new password sent by mail. The answer is the same whether there is an account or not."""
    await commands.ask_for_reset(data.email, address=where(request))
    return Said(str(LINK_SENT))


@post(
    "/password-links/{token:str}",
    guards=[public],
    operation_id="resetPassword",
    summary="Set a password by a link",
    status_code=200,
)
async def reset(request: AnyRequest, token: FromPath[str], data: JSONBody[NewPassword]) -> Said:
    """The link is used up by it, and all sessions of the person end."""
    await commands.reset_password(token, data.new_password, address=where(request))
    return Said(str(PASSWORD_SET))


@post(
    "/me/password",
    guards=[may("self:use")],
    operation_id="changePassword",
    summary="Change my password",
    status_code=200,
)
async def change_password(request: AnyRequest, actor: Acting, data: JSONBody[PasswordForm]) -> Response[Me]:
    """All other sessions end; this one has a new cookie and a new `csrf_token`."""
    return answered(await commands.change_password(actor, data.password, data.new_password, address=where(request)))


@get(
    "/me/second-factor",
    guards=[may("self:begin")],
    operation_id="getSecondFactor",
    summary="My second factor",
    about_oneself=True,
)
async def second_factor(actor: Acting) -> FactorsOut:
    """Since when codes of an app count, how many recovery codes are left, and one's passkeys."""
    async with viewing(actor) as view:
        known = await queries.factors(view)
    return FactorsOut(known.codes_since, known.recovery_codes, known.passkeys)


@post("/me/second-factor", guards=[may("self:begin")], operation_id="beginSecondFactor", summary="Set up an app")
async def begin(request: AnyRequest, actor: Acting, data: JSONBody[PresentPassword | None] = None) -> TotpOut:
    """A secret for an authenticator app (TOTP, RFC 6238). It counts when a code of it was confirmed."""
    secret = await commands.begin_totp(actor, data.password if data else None, address=where(request))
    return TotpOut(secret, commands.address_of(secret, actor.email))


@post(
    "/me/second-factor/confirm",
    guards=[may("self:begin")],
    operation_id="confirmSecondFactor",
    summary="Confirm the app",
    status_code=200,
)
async def confirm(actor: Acting, data: JSONBody[CodeForm]) -> Response[RecoveryCodesOut]:
    """The app's codes count from now on. Keep the recovery codes: they are shown this once."""
    made = await commands.confirm_totp(actor, data.code)
    codes = RecoveryCodesOut(made.recovery_codes, made.opened.csrf)
    return set_session(Response(codes, status_code=200), made.opened)


@post(
    "/me/recovery-codes",
    guards=[may("self:use")],
    operation_id="makeRecoveryCodes",
    summary="New recovery codes",
)
async def recovery_codes(request: AnyRequest, actor: Acting) -> RecoveryCodesOut:
    """The old ones count no more. Takes a second factor that was proved within ten minutes."""
    return RecoveryCodesOut(await commands.make_recovery_codes(actor), request.scope["state"]["csrf"])


@delete("/me/second-factor", guards=[may("self:use")], operation_id="removeSecondFactor", summary="Remove the app")
async def remove(actor: Acting) -> Response[None]:
    """Takes a second factor that was proved within ten minutes."""
    await commands.remove_totp(actor)
    return Response(None, status_code=204)


@get(
    "/me/terms",
    guards=[may("self:begin")],
    operation_id="listTermsToAccept",
    summary="What I have to accept",
    about_oneself=True,
)
async def to_accept(actor: Acting) -> list[LegalTextOut]:
    """The newest terms and privacy notices that one has not accepted yet."""
    async with viewing(actor) as view:
        return [legal_text(text) for text in await queries.to_accept(view)]


@post("/me/terms", guards=[may("self:begin")], operation_id="acceptTerms", summary="Accept terms", status_code=200)
async def accept(request: AnyRequest, actor: Acting, data: JSONBody[TermsAccepted]) -> Me:
    """Accept all that is to be accepted, by the ids of what was read; 409 if there is something else to read."""
    await commands.accept_texts(actor, data.texts, address=where(request))
    csrf = request.scope["state"]["csrf"]
    fresh = await queries.identity_of_session(request.cookies.get(session_cookie(), ""))
    return told(fresh.actor if fresh else actor, csrf)


def legal_text(text: LegalText) -> LegalTextOut:
    publisher = OrganisationRef(text.organisation_id, text.organisation_name)
    return LegalTextOut(text.id, publisher, text.kind, text.edition, text.texts, text.published_at)


HANDLERS = (
    *(ask_for_link, reset, change_password, second_factor, begin, confirm, recovery_codes, remove),
    *(to_accept, accept),
)
