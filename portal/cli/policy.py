"""The access policy on the command line: why it lets somebody do something, and having it read anew."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from portal.cli.members import Company, Email, as_member, inside
from portal.cli.place import Data
from portal.cli.refused import Refused
from portal.cli.screen import Json, remark, say_json, table

policy = typer.Typer(help="What the access policy allows, and why.", no_args_is_help=True)


@policy.command("explain")
def explain(
    user: Email,
    action: Annotated[str, typer.Option(help="A permission such as orders:approve.")],
    record: Annotated[str, typer.Option("--object", help="Number or id of a record, such as PO-2026-00005.")] = "",
    company: Company = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Which rules give or deny somebody a permission, by the lines of roles.csv, and what stands against it."""
    from portal.operations.policy.answers import explained
    from portal.operations.policy.queries import why
    from portal.platform.work import viewing

    async def ask(actor: Any) -> Any:
        async with viewing(actor) as view:
            return explained(await why(view, actor.person, action, record))

    told = as_member(data, user, company, ask)
    if json:
        say_json(msgspec.to_builtins(told))
        return
    remark(_VERDICTS[told.allowed, bool(told.conditions)])
    for reason in told.duties:
        remark(reason)
    rows = [(str(rule.line), rule.role, rule.effect, " and ".join(rule.conditions), _so(rule)) for rule in told.rules]
    table("", ("Line", "Role", "Effect", "Condition", "So"), rows)


_VERDICTS = {
    (True, False): "Allowed.",
    (True, True): "Allowed where the conditions hold: name a record by --object to have them asked.",
    (False, False): "Not allowed.",
}


def _so(rule: Any) -> str:
    if not rule.applies:
        return "not a role of theirs"
    fits = " ".join(("fits.", *rule.noted)) if rule.noted else "fits"
    return " ".join(each.why for each in rule.failed) or ("refused" if rule.effect == "deny" else fits)


@policy.command("matrix")
def matrix(
    write: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Put it into this Markdown file, between its marks."),
    ] = None,
) -> None:
    """The matrix of roles and permissions as Markdown, from the policy as it is read here."""
    from portal.access.policy import POLICY
    from portal.operations.policy.printed import printed, written

    POLICY.load()
    if not POLICY.loaded:
        raise Refused("This policy does not load: see the line above.")
    if write is None:
        typer.echo(printed())
        return
    try:
        write.write_text(written(write.read_text("utf-8")), "utf-8")
    except ValueError as error:
        raise Refused(f"{write}: {error}.") from error
    remark(f"{write}: {len(POLICY.rules())} rules.")


@policy.command("reload")
def reload(data: Data = None) -> None:
    """Have every process read the policy anew, within a second. One that does not load is not announced."""
    from portal.access.commands.policies import note
    from portal.access.following import announce
    from portal.access.policy import POLICY
    from portal.platform.gate import gate

    async def tell() -> None:
        POLICY.load()
        if not POLICY.loaded:
            raise Refused("This policy does not load, and would deny everything: see the line above.")
        async with gate() as connection:
            await note(connection, POLICY)
            await announce(connection)

    inside(data, tell)
    remark(f"Announced: {len(POLICY.rules())} rules, SHA-256 {POLICY.digest}")
