"""People, their roles and limits, and their API keys."""

import secrets
from typing import Annotated, Any
from uuid import UUID

import msgspec
import typer

from portal.cli.members import (
    Company,
    Email,
    Limit,
    LimitCurrency,
    Role,
    Unlimited,
    Within30Days,
    as_member,
    given,
    inside,
    member,
    operator,
    organisation,
)
from portal.cli.place import Data, required
from portal.cli.reach import scope
from portal.cli.screen import Json, remark, say_json, table

users = typer.Typer(help="People and their roles.", no_args_is_help=True)
api_key = typer.Typer(help="Keys for programs that act as a person.", no_args_is_help=True)


@users.command("list")
def list_users(company: Company = None, data: Data = None, json: Json = False) -> None:
    """Who may sign in for which organisation, with which roles."""
    found = inside(data, lambda: _members(company))
    if json:
        say_json(found)
    else:
        rows = [(each["email"], each["organisation"], ", ".join(each["roles"])) for each in found]
        table("", ("Person", "Organisation", "Roles"), rows)


@users.command("add")
def add(
    user: Email,
    role: Role,
    name: Annotated[str | None, typer.Option(help="Full name; somebody known here keeps theirs.")] = None,
    company: Company = None,
    limit: Limit = None,
    limit_30_days: Within30Days = None,
    limit_currency: LimitCurrency = None,
    unlimited: Unlimited = False,
    language: Annotated[str | None, typer.Option(help="Of pages and mails, such as en or zh-Hans.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Such as Europe/Berlin.")] = None,
    password: Annotated[
        str | None, typer.Option(help="Of somebody who is new here; made up and shown once if not given.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make somebody a member of an organisation; whoever works for another one already gets a second membership."""
    limits = {"limit": limit, "limit_30_days": limit_30_days, "limit_currency": limit_currency, "unlimited": unlimited}
    person = {"email": user, "full_name": name, "language": language, "time_zone": time_zone}
    told = inside(data, lambda: _admit(company, {"roles": role} | limits | person, password))
    if json:
        say_json(told)
        return
    remark(f"{user} is a member of {told['organisation']} now.")
    if told["password"]:
        remark(f"Password: {told['password']}")


@users.command("roles")
def roles(
    user: Email,
    role: Role,
    company: Company = None,
    limit: Limit = None,
    limit_30_days: Within30Days = None,
    limit_currency: LimitCurrency = None,
    unlimited: Unlimited = False,
    data: Data = None,
) -> None:
    """Give a member these roles and limits instead of those they had; they sign in again; their scope stays."""
    from portal.access.commands import change_rights
    from portal.access.forms import Rights

    limits = {"limit": limit, "limit_30_days": limit_30_days, "limit_currency": limit_currency, "unlimited": unlimited}

    async def act() -> None:
        held = await member(user, company)
        reach = {name: list(map(str, parts)) for name, parts in msgspec.structs.asdict(held.scope).items()}
        await change_rights(operator(held.organisation_id), held.person, given(Rights, roles=role, **limits, **reach))

    inside(data, act)
    remark("The roles are set.")


users.command("scope")(scope)


@users.command("remove")
def remove(user: Email, company: Company = None, data: Data = None) -> None:
    """End a membership at once; what the person did stays in the log."""
    from portal.access.commands import remove_member

    async def act() -> None:
        held = await member(user, company)
        await remove_member(operator(held.organisation_id), held.person)

    inside(data, act)
    remark(f"{user} is a member no more.")


@users.command("password")
def password(
    user: Email,
    new: Annotated[str, typer.Option("--password", prompt=True, hide_input=True, help="The new password.")],
    company: Company = None,
    data: Data = None,
) -> None:
    """Set a person's password; at least 12 characters. It is the same for all organisations they act for."""
    from portal.access.commands import set_password
    from portal.access.queries import members_named
    from portal.cli.refused import Refused

    async def act() -> None:
        found = await members_named(user, company)
        if not found:
            raise Refused(f"Nobody with the address {user} is a member of {company or 'any organisation'}.")
        await set_password(operator(found[0].organisation_id), found[0].person, new)

    inside(data, act)
    remark("The password is set.")


@users.command("second-factor")
def second_factor(
    user: Email,
    remove: Annotated[bool, typer.Option("--remove", help="Take all second factors away; the person is signed out.")],
    company: Company = None,
    data: Data = None,
) -> None:
    """Help somebody who lost their phone and their recovery codes. Make sure that it is they who ask."""
    from portal.access.commands import remove_factors

    async def act() -> None:
        held = await member(user, company)
        await remove_factors(operator(held.organisation_id), held.person)

    inside(data, act)
    remark("They sign in with their password alone now, and set up a new one.")


@api_key.command("create")
def create(
    user: Email,
    scope: Annotated[list[str], typer.Option("--scope", help="A role of the person, or * for all of them.")],
    name: Annotated[str, typer.Option(help="What the key is for.")] = "",
    days: Annotated[int, typer.Option(min=1, max=365, help="For how long it works.")] = 90,
    reads_only: Annotated[bool, typer.Option("--reads-only", help="It asks, and changes nothing.")] = False,
    company: Company = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a key; it is shown once."""
    from portal.access.commands import create_api_key

    key = as_member(data, user, company, lambda actor: create_api_key(actor, scope, name, days, reads_only=reads_only))
    if json:
        say_json({"key": key, "user": user, "scopes": scope})
    else:
        print(key)


@api_key.command("list")
def list_keys(user: Email, company: Company = None, data: Data = None, json: Json = False) -> None:
    """A person's keys, with their last use."""
    from portal.access.queries import api_keys
    from portal.platform.work import viewing

    async def act(actor: Any) -> list[dict[str, Any]]:
        async with viewing(actor) as view:
            found = await api_keys(view, actor.person)
        return [{name: _plain(getattr(key, name)) for name in key.__struct_fields__} for key in found]

    found = as_member(data, user, company, act)
    if json:
        say_json(found)
        return
    rows = [(key["id"], key["name"], _until(key), (key["used_at"] or "never")[:16]) for key in found]
    table("", ("Id", "For", "Works until", "Last used"), rows)


def _until(key: dict[str, Any]) -> str:
    return "revoked" if key["revoked_at"] else (key["expires_at"] or "for ever")[:10]


@api_key.command("revoke")
def revoke(
    user: Email,
    key: Annotated[UUID, typer.Option(help="Its id, as 'portal api-key list' tells it.")],
    company: Company = None,
    data: Data = None,
) -> None:
    """Revoke a key; it opens nothing from then on."""
    from portal.access.commands import revoke_api_key

    as_member(data, user, company, lambda actor: revoke_api_key(actor, key))
    remark("The key is revoked.")


def _plain(value: Any) -> Any:
    return value if isinstance(value, list | None) else str(value)


async def _members(company: str | None) -> list[dict[str, Any]]:
    from portal.access.queries import every_member, members, organisations_named
    from portal.cli.refused import Refused

    if company is None:
        return await every_member(required("PORTAL_OWNER_URL"))
    if not await organisations_named(company):
        raise Refused(f"There is no organisation called {company}.", code=2)
    return await members(company)


async def _admit(company: str | None, fields: dict[str, Any], password: str | None) -> dict[str, Any]:
    """The new member; only somebody without any account gets a password."""
    from portal.access.commands import admit, set_password
    from portal.access.commands.passwords import require_good
    from portal.access.forms import Admission
    from portal.access.queries import members_named

    here, form = await organisation(company), given(Admission, **fields)
    new = not await members_named(form.email)
    secret = (password or secrets.token_urlsafe(12)) if new else ""
    if new:
        require_good(secret, own=form.email)
    person_id = await admit(operator(here["id"]), form)
    if new:
        await set_password(operator(here["id"]), person_id, secret, first=True)
    shown = secret if password is None else ""
    return {"id": str(person_id), "email": form.email, "organisation": here["name"], "password": shown}
