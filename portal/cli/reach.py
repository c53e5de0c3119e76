"""How far a member's roles reach."""

from typing import Annotated

import typer

from portal.cli.members import Company, Email, given, inside, member, operator
from portal.cli.place import Data
from portal.cli.screen import remark

Several = list[str] | None


def scope(
    user: Email,
    site: Annotated[Several, typer.Option("--site", help="Name or id of a site; may be given again.")] = None,
    cost_centre: Annotated[Several, typer.Option("--cost-centre", help="A cost centre; may be given again.")] = None,
    category: Annotated[Several, typer.Option("--category", help="An item category; may be given again.")] = None,
    purchasing_group: Annotated[
        Several, typer.Option("--purchasing-group", help="A purchasing group; may be given again.")
    ] = None,
    company: Company = None,
    data: Data = None,
) -> None:
    """Let a member's roles reach these parts of the organisation alone, or all of it if none is named; they sign in
    again."""
    from portal.access.commands import change_reach
    from portal.access.forms import Reach

    parts = {"sites": site, "cost_centres": cost_centre, "categories": category, "purchasing_groups": purchasing_group}

    async def act() -> None:
        held = await member(user, company)
        await change_reach(operator(held.organisation_id), held.person, given(Reach, **parts))

    inside(data, act)
    reached = "; ".join(part for named in parts.values() for part in named or ())
    remark(f"Their roles reach: {reached or 'all of the organisation'}.")
