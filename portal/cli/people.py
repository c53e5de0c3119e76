"""People, their API keys, and why the policy lets them do something."""

from typing import Annotated, Any

import typer

from portal.cli.place import Data, database, required
from portal.cli.refused import Refused
from portal.cli.screen import Json, remark, say_json, table
from portal.cli.settle import as_the_portal, settle

users = typer.Typer(help="People and their roles.", no_args_is_help=True)
api_key = typer.Typer(help="Keys for programs that act as a person.", no_args_is_help=True)
policy = typer.Typer(help="What the access policy allows.", no_args_is_help=True)
Email = Annotated[str, typer.Option("--user", help="E-mail address of the person.")]
Company = Annotated[str | None, typer.Option("--organisation", help="Name of the organisation, if there are several.")]


@users.command("list")
def list_users(organisation: Company = None, data: Data = None, json: Json = False) -> None:
    """Who may sign in for which organisation, with which roles."""
    found = _inside(data, lambda: _members(organisation))
    if json:
        say_json(found)
    else:
        rows = [(each["email"], each["organisation"], ", ".join(each["roles"])) for each in found]
        table("", ("Person", "Organisation", "Roles"), rows)


@users.command("password")
def password(
    user: Email,
    new: Annotated[str, typer.Option("--password", prompt=True, hide_input=True, help="The new password.")],
    organisation: Company = None,
    data: Data = None,
) -> None:
    """Set a person's password; at least 12 characters."""
    from portal.access.commands import set_password
    from portal.platform.actor import Actor

    async def act(actor: Any) -> None:
        await set_password(Actor.system(actor.organisation_id), actor.person, new)

    _as_member(data, user, organisation, act)
    remark("The password is set.")


@api_key.command("create")
def create(
    user: Email,
    scope: Annotated[list[str], typer.Option("--scope", help="A role of the person, or * for all of them.")],
    name: Annotated[str, typer.Option(help="What the key is for.")] = "",
    organisation: Company = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a key; it is shown once."""
    from portal.access.commands import create_api_key

    key = _as_member(data, user, organisation, lambda actor: create_api_key(actor, scope, name))
    if json:
        say_json({"key": key, "user": user, "scopes": scope})
    else:
        print(key)


@policy.command("explain")
def explain(
    user: Email,
    action: Annotated[str, typer.Option(help="A permission such as orders:approve.")],
    organisation: Company = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Which rules give or deny somebody a permission, and under which conditions."""
    from portal.access.policy import POLICY

    async def rules(actor: Any) -> dict[str, Any]:
        conditions = POLICY.decide(actor.roles, actor.organisation_kind, action)
        thing, verb = action.partition(":")[::2]
        held = (rule for rule in POLICY.rules() if rule[0] in actor.roles)
        named = [rule for rule in held if rule[2] == thing and rule[3] in (verb, "*")]
        return {"allowed": bool(conditions), "conditions": sorted(conditions - {""}), "rules": named}

    told = _as_member(data, user, organisation, rules)
    if json:
        say_json(told)
        return
    remark(_VERDICTS[told["allowed"], bool(told["conditions"])])
    table("", ("Role", "Organisation", "Object", "Action", "Effect", "Condition"), told["rules"])


_VERDICTS = {
    (True, False): "Allowed.",
    (True, True): "Allowed under the conditions of these rules.",
    (False, False): "Not allowed.",
}


def _as_member(data: Any, email: str, organisation: str | None, act: Any) -> Any:
    async def acting() -> Any:
        from portal.access.queries import member_named

        actor = await member_named(email, organisation)
        if actor is None:
            raise Refused(f"Nobody with the address {email} is a member of {organisation or 'any organisation'}.")
        return await act(actor)

    return _inside(data, acting)


async def _members(organisation: str | None) -> list[dict[str, Any]]:
    from portal.access.queries import every_member, members

    return await every_member(required("PORTAL_OWNER_URL")) if organisation is None else await members(organisation)


def _inside(data: Any, act: Any) -> Any:
    with database(data):
        return settle(as_the_portal(act))
