"""How long things are kept: disposal, legal holds, erasing a person, and what is known about one."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from portal.cli.members import Company, Email, given, inside, operator, organisation
from portal.cli.place import Data
from portal.cli.refused import Refused
from portal.cli.screen import Json, remark, say_json, table

records = typer.Typer(help="How long things are kept: disposal, legal holds, erasure.", no_args_is_help=True)
Why = Annotated[str, typer.Option("--reason", help="Why; it stays in the log.")]


@records.command("dispose")
def dispose(
    really: Annotated[bool, typer.Option("--really", help="Destroy; otherwise only say what would be.")] = False,
    company: Company = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Destroy an organisation's documents and attached files that were kept as long as policies/retention.csv asks;
    holds keep theirs."""
    documents, files = inside(data, lambda: _dispose(company, really))
    told = {"documents": _told(documents, _document), "files": _told(files, _file)}
    if json:
        say_json({**told["documents"], "files": told["files"]})
        return
    for what, each in told.items():
        if each["due"]:
            table("", tuple(name.replace("_", " ").capitalize() for name in each["due"][0]), _rows(each["due"]))
        number = each["certificate"]
        remark(f"{len(each['due']):,} {what} {'destroyed, certificate ' + number if number else 'are due'}.")
        if each["held"]:
            remark(f"{len(each['held']):,} more are kept by legal holds.")


def _told(done: Any, one: Callable[[Any], dict[str, str]]) -> dict[str, Any]:
    return {"certificate": done.number, "due": [one(e) for e in done.due], "held": [one(e) for e in done.held]}


def _document(due: Any) -> dict[str, str]:
    return {"document": due.line[2], "kind": due.line[0], "kept_until": str(due.kept_until)}


def _file(due: Any) -> dict[str, str]:
    return {"file": due.name, "record": due.number, "kind": due.kind, "kept_until": str(due.kept_until)}


def _rows(told: list[dict[str, str]]) -> list[tuple[str, ...]]:
    return [tuple(each.values()) for each in told]


@records.command("hold")
def hold(
    reason: Why,
    record: Annotated[str | None, typer.Option("--object", help="Id of a record or person.")] = None,
    party: Annotated[str | None, typer.Option(help="Id of an organisation.")] = None,
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")] = None,
    company: Company = None,
    data: Data = None,
) -> None:
    """Keep from being deleted what fits all that is given."""
    from portal.audit.commands import place_hold
    from portal.audit.forms import HoldForm

    days = {"from_day": since and str(since.date()), "until_day": until and str(until.date())}
    form = given(HoldForm, object_id=record, party_id=party, reason=reason, **days)
    placed = inside(data, lambda: _for(company, lambda actor: place_hold(actor, form)))
    remark(f"{placed.number} holds from now on; its id is {placed.id}.")


@records.command("release")
def release(
    hold_id: Annotated[UUID, typer.Argument(help="Id of the hold.")],
    reason: Why,
    company: Company = None,
    data: Data = None,
) -> None:
    """End a legal hold."""
    from portal.audit.commands import release_hold

    inside(data, lambda: _for(company, lambda actor: release_hold(actor, hold_id, reason)))
    remark("The hold is released.")


@records.command("erase")
def erase(
    user: Email,
    reason: Why,
    yes: Annotated[bool, typer.Option("--yes", help="It cannot be undone; say that you know.")] = False,
    company: Company = None,
    data: Data = None,
) -> None:
    """Destroy what is known of somebody who is no member any more, or never accepted an invitation; the log stays
    provable."""
    inside(data, lambda: _for(company, lambda actor: _erase(actor, user, reason, yes)))
    remark("Erased.")


@records.command("about")
def about(
    user: Email,
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The JSON file to write.")],
    company: Company = None,
    data: Data = None,
) -> None:
    """Write down all that an organisation keeps about a person, for that person."""
    import msgspec

    from portal.platform.plain_json import plain_json

    found = inside(data, lambda: _for(company, lambda actor: _about(actor, user)))
    file.write_bytes(msgspec.json.format(plain_json(found, str), indent=2))
    remark(f"{file}: {len(found['log'])} entries of the log, {sum(map(len, found['records'].values()))} records.")


async def _for(company: str | None, act: Any) -> Any:
    return await act(operator((await organisation(company))["id"]))


async def _dispose(company: str | None, really: bool) -> Any:
    from portal.documents.disposing import dispose as documents
    from portal.evidence.commands import dispose as files

    return [await _for(company, partial(each, really=really)) for each in (documents, files)]


async def _erase(actor: Any, email: str, reason: str, yes: bool) -> None:
    """Looks first: whoever mistyped an address is told so before they say that they mean it."""
    from portal.audit.commands import erase_person
    from portal.audit.forgetting import asked_at, forget_address

    person, asked = await _known(actor, email), await asked_at(actor, email)
    if person is None and not asked:
        raise _nobody(email)
    if not yes:
        whom = f"{email} is known here" if person else f"{email} was asked to join, and never did"
        raise Refused(f"{whom}. Erasing cannot be undone: say --yes if you mean it.", code=2)
    await forget_address(actor, email, reason)
    if person is not None:
        await erase_person(actor, person, reason)


async def _about(actor: Any, email: str) -> Any:
    from portal.audit.subject import known_of
    from portal.platform.work import viewing

    person = await _person(actor, email)
    async with viewing(actor) as view:
        return await known_of(view, person)


async def _person(actor: Any, email: str) -> UUID:
    found = await _known(actor, email)
    if found is None:
        raise _nobody(email)
    return found


async def _known(actor: Any, email: str) -> UUID | None:
    from portal.platform.work import viewing

    async with viewing(actor) as view:
        return await view.value("select id from person where email = $1", email.lower())


def _nobody(email: str) -> Refused:
    return Refused(f"Nobody with the address {email} is or was a member of this organisation, or was asked to be.")
