"""The sealed log on the command line: checking it, and taking evidence out of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from portal.cli.members import Company, inside, operator, organisation
from portal.cli.place import Data, database, required
from portal.cli.refused import Refused
from portal.cli.screen import Json, progress, remark, say_json
from portal.cli.settle import as_the_portal, settle
from portal.platform.settings import settings

audit = typer.Typer(help="The sealed log: check it, take evidence out of it.", no_args_is_help=True)
MOST = 50  # faults on the screen
LONGEST = 500  # characters of a reason
_ALONE = (
    "NOT COMPARED: no checkpoint that was kept outside the database was found. A log that was cut off at its end, or "
    "put back to an older state, looks like this, too. Give the portal's data folder by --data."
)
_ITSELF = (
    "NOT COMPARED: the key that signed it stands in the file itself. Compare it with the one that the portal's owner "
    "published, or name that one by --key."
)

_SIGNED = {
    "ring": "GENUINE: a key of this portal signed it.",
    "earlier": "GENUINE: an earlier key of this portal signed it. It signed the log from {since} to {until}; the key "
    "that came after it vouches for that.",
    "stranger": "NOT OF THIS PORTAL: no key of its ring signed it, and none vouches for the one that did. Of another "
    "installation compare the key with the one that its owner published, or name that one by --key.",
}


@audit.command("verify")
def verify(
    file: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="Check a bundle, a report or a proof instead; without a database."
        ),
    ] = None,
    key: Annotated[str, typer.Option(help="The public key that the file must be signed by.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Find whatever was changed, removed, inserted or reordered in the log; exit code 1 if anything was."""
    verdict = _of_database(data) if file is None else _of_file(file, key)
    if file and not key:
        _compare(verdict, data)
    if json:
        say_json(verdict.facts())
    else:
        _show(verdict)
        if file and not key and verdict.intact:
            remark(_whose(verdict))
    if not verdict.intact:
        raise typer.Exit(1)


@audit.command("set-aside")
def set_aside(
    reason: Annotated[str, typer.Option(help="Why the database was put back. Every organisation's log says it.")],
    data: Data = None,
) -> None:
    """After the database was put back to an older state on purpose: move the checkpoints of this data folder aside, so
    that the log is sealed on from there. They are kept, and every later check tells of them."""
    from portal.audit import witnesses
    from portal.audit.checkpoints import Checkpoint
    from portal.audit.commands import note_put_back
    from portal.operations.backup.restoring import set_aside_if_ahead

    if not reason.strip():
        raise Refused("Say why: every organisation's log says it.")

    with database(data):
        if not witnesses.newest():
            raise Refused("This data folder keeps no checkpoints.")
        signed = witnesses.newest()
        place = settle(set_aside_if_ahead(required("PORTAL_OWNER_URL")))
        if place is None:
            raise Refused("The log holds what the newest checkpoint says: nothing is to be set aside.")
        settle(as_the_portal(lambda: note_put_back(Checkpoint.of(signed), reason.strip()[:LONGEST])))
    remark(f"Its checkpoints lie in {place} now. Keep them: they say what was sealed before.")


@audit.command("export")
def export(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The zip to write.")],
    company: Company = None,
    actor: Annotated[str | None, typer.Option(help="Id or e-mail address of whoever acted.")] = None,
    record: Annotated[str | None, typer.Option("--object", help="Id or number of a record.")] = None,
    event: Annotated[str | None, typer.Option(help="Code of an event, such as purchase-order.issued.")] = None,
    since: Annotated[datetime | None, typer.Option("--from", help="From this time on, UTC.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", help="Until before this time, UTC.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Write an evidence bundle: entries of one organisation with proofs, checkpoint and documents, signed."""
    from portal.audit.queries import EntryFilter

    begin, end = (each and each.replace(tzinfo=UTC) for each in (since, until))
    chosen = EntryFilter(actor=actor, object=record, event=event, since=begin, until=end)
    with progress("Collecting evidence") as report:
        report(0.0, "Collecting evidence")
        made = inside(data, lambda: _bundle(company, chosen))
    file.write_bytes(made)
    verdict = _of_file(file, "")
    if json:
        say_json({"file": str(file), "bytes": len(made), "entries": verdict.entries, "public_key": verdict.public_key})
    else:
        remark(f"{file}: {verdict.entries:,} entries, {len(made):,} bytes. Check it by 'portal audit verify --file'.")


async def _bundle(company: str | None, chosen: Any) -> bytes:
    from portal.audit.bundles import evidence
    from portal.documents import pressroom

    here = await organisation(company)
    actor = msgspec.structs.replace(operator(here["id"]), organisation_name=here["name"])
    try:
        return await evidence(actor, chosen)
    finally:
        pressroom.close()


def _of_database(data: Path | None) -> Any:
    from portal.audit.verifying import verify as verify_log
    from portal.audit.witnesses import kept

    with database(data):
        verdict = verify_log(required("PORTAL_OWNER_URL"), kept())
        verdict.aside = list(_aside())
    return verdict


def _aside() -> Iterator[str]:
    """What was set aside stays to be told: a log that was cut off and goes on looks whole by itself."""
    from portal.audit import witnesses
    from portal.audit.checkpoints import Checkpoint, NoCheckpoint

    for place, note in witnesses.aside():
        try:
            signed = Checkpoint.of(note)
        except NoCheckpoint:
            yield f"{place}: a checkpoint that cannot be read"
        else:
            yield f"{place}: {signed.size:,} entries, signed {signed.at.isoformat()}"


def _of_file(file: Path, key: str) -> Any:
    from portal.audit.offline import NoEvidence, NoKey, verify_file

    try:
        return verify_file(file, key)
    except (NoEvidence, NoKey) as error:
        raise Refused(str(error)) from error


def _compare(verdict: Any, data: Path | None) -> None:
    """Whose key signed it, if a portal is at hand: the one of --data, or of PORTAL_OWNER_URL where it answers."""
    import asyncpg

    if data is None and not settings().owner_url:
        return
    try:
        with database(data):
            settle(_judged(required("PORTAL_OWNER_URL"), verdict))
    except (OSError, asyncpg.PostgresError):
        if data is not None:
            raise


async def _judged(owner_url: str, verdict: Any) -> None:
    import asyncpg

    from portal.audit.whose import judge

    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute("set role portal_gate")
        await judge(connection.fetch, verdict)
    finally:
        await connection.close()


def _whose(verdict: Any) -> str:
    """What whoever relies on the file has to know of the key that signed it."""
    since, until = (each and f"{each:%Y-%m-%d %H:%M} UTC" for each in (verdict.signed_since, verdict.signed_until))
    return _SIGNED.get(verdict.signed_by, _ITSELF).format(since=since, until=until)


def _show(verdict: Any) -> None:
    for fault in verdict.faults[:MOST]:
        remark(fault.sentence())
    if len(verdict.faults) > MOST:
        remark(f"{len(verdict.faults) - MOST:,} more: --json gives them all.")
    so = "intact" if verdict.intact else f"NOT intact: {len(verdict.faults):,} faults"
    remark(f"The {_CHECKED[verdict.kind]} is {so}. {_looked_at(verdict)}")
    for each in verdict.aside:
        remark(f"SET ASIDE and not compared, because the database was put back to an older state: {each}.")
    if verdict.kind == "log" and verdict.entries and not verdict.kept:
        remark(_ALONE)
    if verdict.note:
        signed = "Last checkpoint" if verdict.checkpoints else "Signed"
        typer.echo(f"{signed}:\n{verdict.note}\nPublic key: {verdict.public_key}")


_CHECKED = {
    "log": "log",
    "bundle": "evidence",
    "proof": "proof",
    "consistency": "proof of consistency",
    "report": "signed report",
}


def _looked_at(verdict: Any) -> str:
    """How much was checked, or what it proves."""
    if verdict.kind == "consistency" and verdict.intact:
        return f"The log of {verdict.later:,} entries begins with the log of {verdict.earlier:,}."
    if verdict.kind in ("consistency", "report"):
        return "It holds no entries."
    waiting = f"; waiting for the sealer: {verdict.waiting:,}" if verdict.kind == "log" else ""
    return f"Entries: {verdict.entries:,}{waiting}."
