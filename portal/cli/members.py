"""Commands that act as an organisation or one of its people: finding whom is meant."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from portal.cli.place import database
from portal.cli.refused import Refused
from portal.cli.settle import as_the_portal, settle

Email = Annotated[str, typer.Option("--user", help="E-mail address of the person.")]
Company = Annotated[
    str | None, typer.Option("--organisation", help="Name or id of the organisation, if there are several.")
]
Role = Annotated[list[str], typer.Option("--role", help="A role such as buyer or order_desk; may be given again.")]
Limit = Annotated[str | None, typer.Option("--limit", help="The highest gross of one order that they may approve.")]
Within30Days = Annotated[
    str | None, typer.Option("--limit-30-days", help="The most they may approve for one supplier within 30 days.")
]
LimitCurrency = Annotated[str | None, typer.Option(help="Currency of the limits; the organisation's own if not given.")]
Unlimited = Annotated[bool, typer.Option("--unlimited", help="They approve whatever it costs.")]


def inside(data: Any, act: Callable[[], Awaitable[Any]]) -> Any:
    """Run an act on the database that the command is about."""
    with database(data):
        return settle(as_the_portal(act))


async def organisation(name: str | None) -> Any:
    """The organisation of this name or id, or the only one that buys."""
    from portal.access.queries import organisations_named

    found = await organisations_named(name)
    if len(found) == 1:
        return found[0]
    if name is None:
        raise Refused("Say by --organisation for which: there is not just one that buys.")
    if not found:
        raise Refused(f"There is no organisation called {name}: 'portal organisations create' sets one up.")
    raise Refused("Say by --organisation which: " + "; ".join(f"{row['name']} ({row['id']})" for row in found[:20]))


async def member(email: str, company: str | None) -> Any:
    """The person as a member of the organisation, which must be named if they have several."""
    from portal.access.queries import members_named

    found = await members_named(email, company)
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(f"Nobody with the address {email} is a member of {company or 'any organisation'}.")
    named = "; ".join(f"{actor.organisation_name} ({actor.organisation_id})" for actor in found)
    raise Refused(f"{email} is a member of several. Say by --organisation which: {named}")


def operator(organisation_id: Any) -> Any:
    """Whoever holds the machine acts as the organisation itself."""
    from portal.platform.actor import Actor

    return Actor.system(organisation_id)


def given(form: Any, **fields: Any) -> Any:
    """A form as typed on a command line; raises `Invalid` with all that is wrong."""
    from portal.platform.convert import Problems, convert
    from portal.platform.refusals import Invalid

    try:
        return convert(form, {name: value for name, value in fields.items() if value not in (None, [])})
    except Problems as problems:
        raise Invalid(errors=problems.errors) from problems


def as_member(data: Any, email: str, company: str | None, act: Callable[[Any], Awaitable[Any]]) -> Any:
    """Run an act as one of an organisation's people."""

    async def acting() -> Any:
        return await act(await member(email, company))

    return inside(data, acting)
