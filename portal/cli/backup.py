"""Everything that a portal keeps as one file, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from portal.cli import demo_folder
from portal.cli.place import Data, data_folder, database, required
from portal.cli.refused import Refused
from portal.cli.screen import Json, progress, remark, say_json
from portal.cli.settle import as_the_portal, settle
from portal.platform import private
from portal.platform.keyring import FILE as KEYS
from portal.platform.keyring import ring_of
from portal.platform.settings import override, settings

DEMO = "demo"  # the note in a demo's backup: the password of its accounts, sealed with the ring
MOST = 20  # names on the screen
Place = Annotated[str, typer.Argument(metavar="FILE", help="The backup: a file, or a URL of an object store.")]


def backup(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="The file to write, or to check; with --to, its name there.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="Folder of an object store to write to, like s3://bucket/prefix or file:///mnt.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check a backup, without a database; write nothing.")
    ] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Write database and documents of one moment into one file, beside a running portal. Keys are never in it. Exit
    code 1 also if a document is missing or damaged: the backup is there then, and says which."""
    told = _verified(_place(file, to), data) if verify else _made(_named(file, to), data)
    if json:
        say_json(told.facts())
    else:
        _show(told, "is whole" if verify else "is written")
    if not told.contents.complete:
        raise typer.Exit(1)


def restore(
    file: Place,
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of what is there.")] = False,
    keys: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="The key ring (secret.keys) of the portal that was backed up."),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Bring a backup back, all of it or nothing, into an empty portal or in the place of one. It must not run."""
    from portal.audit.witnesses import newest
    from portal.operations.backup.places import source
    from portal.operations.backup.restoring import examine
    from portal.operations.backup.restoring import restore as bring_back

    found, folder = settle(source(_place(file, None))), _folder(data)
    with _ring(folder, keys), progress("Restoring") as report:
        told = settle(examine(found, report))
        if DEMO not in told.header.note and demo_folder.is_a_demos(folder):
            raise Refused(f"{folder} is a demo's folder, and {told.file} is not of a demo: name another by --data.")
        with _target(folder, data, keys):
            signed = newest()
            done = settle(bring_back(required("PORTAL_OWNER_URL"), found, told, replace=replace, report=report))
            if done.notes:
                _tell_the_log(signed, f"Restored from {told.file}")
            demo_of(data, told.header.note)
    if json:
        notes = None if done.notes is None else str(done.notes)
        told = {"erased_again": done.erased, "migrated": done.migrated, "checkpoints_aside": notes}
        say_json(done.told.facts() | told)
        return
    _show(done.told, "is restored")
    remark("Nobody is signed in. Passwords, members and API keys are as they were when the backup was made.")
    if done.erased:
        remark(f"People who were erased since, and are again: {done.erased}.")
    if done.notes:
        remark(f"Entries of the log after the backup are lost. The checkpoints that signed them lie in {done.notes}.")


def _tell_the_log(signed: str, why: str) -> None:
    from portal.audit.checkpoints import Checkpoint
    from portal.audit.commands import note_put_back

    settle(as_the_portal(lambda: note_put_back(Checkpoint.of(signed), why)))


def _place(file: str | None, to: str | None) -> str:
    if file is None:
        raise Refused("Say which file.", code=2)
    return f"{to.rstrip('/')}/{file}" if to else file


def _named(file: str | None, to: str | None) -> str:
    if file is None and to is None:
        raise Refused("Say where to: a file, or --to a folder of an object store.", code=2)
    return _place(file or f"portal-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup", to)


def _verified(place: str, data: Path | None) -> Any:
    from portal.operations.backup.checking import check
    from portal.operations.backup.places import source

    with _ring(_folder(data)):
        found = settle(source(place))
        with progress("Checking") as report:
            return settle(check(found, report))


def _made(place: str, data: Path | None) -> Any:
    from portal.operations.backup.making import make
    from portal.operations.backup.places import sink
    from portal.platform.settings import without_password

    with database(data):
        owner, target = required("PORTAL_OWNER_URL"), sink(place)
        with progress("Backing up") as report:
            return settle(make(owner, without_password(place), target, note_of(settings().data), report))


def _folder(data: Path | None) -> Path:
    """The data folder of the portal that is meant."""
    return settings().data if data is None and settings().database_url else data_folder(data)


@contextmanager
def _ring(folder: Path, keys: Path | None = None) -> Iterator[None]:
    """The key ring that is here, or is brought along; none is made, for a new one opens nothing of a backup."""
    own = folder / KEYS if (folder / KEYS).exists() else keys
    known = settings().secret_keys or (ring_of(own) if own else ())
    with override(data=folder, secret_keys=known):
        yield


@contextmanager
def _target(folder: Path, data: Path | None, keys: Path | None) -> Iterator[None]:
    """The settings of the portal to restore into. A ring that was brought stays there, if what it opens does."""
    brought = None if "secret_keys" in settings().given or keys is None or (folder / KEYS).exists() else folder / KEYS
    if brought is not None and keys is not None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        private.write(brought, keys.read_bytes())
    try:
        with _database(folder, data):
            yield
    except BaseException:
        if brought is not None:
            brought.unlink(missing_ok=True)
        raise


@contextmanager
def _database(folder: Path, data: Path | None) -> Iterator[None]:
    if data is None and settings().database_url:
        yield
        return
    from portal.platform.postgres import APP, OWNER, Cluster, prepare

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Cluster.open(folder / "pg") as cluster:
        prepare(cluster)
        with override(database_url=cluster.url(APP), owner_url=cluster.url(OWNER), documents_url=None):
            yield


def note_of(folder: Path) -> dict[str, str]:
    """What makes the folder a demo's again: the password of its made-up people, for whoever holds the ring."""
    from portal.platform.vault import seal_secret

    password = demo_folder.known_password(folder)
    return {DEMO: seal_secret(DEMO, password).hex()} if password else {}


def demo_of(data: Path | None, note: dict[str, str]) -> None:
    """Into a folder that brought its own database, a demo comes back as one that `portal demo` starts."""
    from portal.platform.vault import open_secret

    if DEMO in note and (data is not None or "database_url" not in settings().given):
        demo_folder.take_over(settings().data, open_secret(DEMO, bytes.fromhex(note[DEMO])))


def _show(told: Any, outcome: str) -> None:
    facts = told.facts()
    remark(
        f"{told.file} {outcome}: {facts['rows']:,} rows of {facts['tables']} tables, {facts['documents']:,} stored "
        f"files, {told.bytes / 1e6:,.1f} MB, of {told.header.made_at:%Y-%m-%d %H:%M:%S} UTC.\nSHA-256 {told.sha256}"
    )
    if told.genuine is None:
        remark(f"Who made it was not checked: the key {told.sealed_by} is not in the key ring here.")
    for what in ("missing", "damaged"):
        for path in facts[what][:MOST]:
            remark(f"A stored file was {what}: {path}")
        if len(facts[what]) > MOST:
            remark(f"{len(facts[what]) - MOST:,} more: --json names them all.")
