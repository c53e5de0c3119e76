"""How far a member's roles reach."""

from typing import Annotated, Any

import typer

from portal.cli.members import Company, Email, given, inside, member, operator
from portal.cli.place import Data
from portal.cli.refused import Refused
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
    again. Roles and limits stay."""
    parts = {"cost_centres": cost_centre, "categories": category, "purchasing_groups": purchasing_group}
    named = {name: given_parts for name, given_parts in parts.items() if given_parts}
    strange = inside(data, lambda: _reach(user, company, site or [], named))
    reached = "; ".join([*(site or []), *(part for several in named.values() for part in several)])
    remark(f"Their roles reach: {reached or 'all of the organisation'}.")
    if strange:
        remark(f"Nothing names {', '.join(strange)} yet: look whether it is written as on the orders.")


async def _reach(user: str, company: str | None, sites: list[str], parts: dict[str, list[str]]) -> list[str]:
    """The member's rights as they are, but for the parts that they reach; gives those that nothing has yet."""
    from portal.access.commands import change_rights
    from portal.access.forms import Rights
    from portal.access.queries import parts_in_use, unheard_of
    from portal.platform.decimals import plain
    from portal.platform.work import viewing

    held = await member(user, company)
    acting: Any = operator(held.organisation_id)
    limits: dict[str, Any] = {}
    if held.limit is not None:
        figures = (held.limit.gross, held.limit.cumulative)
        gross, within_30_days = (None if each is None else plain(each) for each in figures)
        limits = {"limit": gross, "limit_30_days": within_30_days, "limit_currency": held.limit.currency}
        limits["unlimited"] = gross is None and within_30_days is None
    roles = sorted(held.roles - {"anyone"})
    form = given(Rights, roles=roles, sites=await _sites(acting, sites), **parts, **limits)
    await change_rights(acting, held.person, form)
    async with viewing(acting) as view:
        return unheard_of(parts, await parts_in_use(view))


async def _sites(acting: Any, named: list[str]) -> list[str]:
    """Ids of the organisation's own sites, which are called by name or id."""
    from portal.organisations.queries import site_choices
    from portal.platform.work import viewing

    async with viewing(acting) as view:
        rows = await site_choices(view)
    known = {row["name"]: str(row["id"]) for row in reversed(rows)} | {str(row["id"]): str(row["id"]) for row in rows}
    if unknown := [name for name in named if name not in known]:
        raise Refused("There is no site called " + ", ".join(unknown) + ".")
    return [known[name] for name in named]
