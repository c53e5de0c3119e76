"""Files as they come in: onto disk, looked at, refused with a sentence or put into the store."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar import Request

from portal.access.identify import prove
from portal.operations.desk import store
from portal.operations.desk.catalogues import as_tables
from portal.operations.desk.glance import Glance, Refused
from portal.operations.imports.aside import aside
from portal.operations.imports.encodings import is_text
from portal.operations.imports.mapping import Format, decode
from portal.operations.imports.mapping import Mapping as Whole
from portal.operations.imports.mapping.reading import LARGEST as LARGEST_MAPPING
from portal.operations.imports.sources import LARGEST
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.ids import new_id
from portal.platform.refusals import FieldError, Invalid
from portal.platform.workshop import workshop
from portal.web.upload import Received, Wanted, receive, receive_body, require_length, too_large

FILES, MAPPING, ENCODING = "files", "mapping", "encoding"
ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows-1252, Latin-1"),
    ("cp1250", "Windows-1250"),
    ("gb18030", "GB 18030, GBK"),
    ("utf-16", "UTF-16"),
)
WANTED = Wanted({FILES: (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xml"), MAPPING: (".toml", ".json")}, 10, LARGEST)
LONGEST_BODY = LARGEST + 2_000_000  # bytes; what says that it is longer is refused by a sentence of ours before
LARGEST_FORM = LARGEST + 1_000_000  # bytes: files, and what stands around them
BEGINNING = 2_000_000  # bytes that are looked at again
SECONDS = 20.0  # for a look at one file
PATIENCE = asyncio.Semaphore(2)  # looks at a time: each may take much memory
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH")


class Brought(NamedTuple):
    """A file that was taken: where its bytes lie, and what it looks like."""

    id: UUID
    name: str
    size: int
    glance: Glance


class Delivery(NamedTuple):
    """What came with one form: text fields, files in the store, and a mapping if one came along."""

    fields: dict[str, str]
    files: list[Brought]
    mapping: Whole | None


@asynccontextmanager
async def received(request: Request[Any, Any, Any], actor: Actor) -> AsyncIterator[Delivery]:
    """The form with its files. What the body does not make use of, because it was refused, is forgotten again."""
    require_length(request, LARGEST_FORM)
    with workshop() as folder:
        form = await receive(request, Path(folder), WANTED, partial(prove, request))
        paths = await as_tables(actor, form.files.get(FILES, []), FILES)
        _require_different([path.name for path in paths])
        mapping = await _mapping_of(form)
        async with _kept(actor, paths, written_as(form.fields.get(ENCODING, ""), mapping)) as kept:
            yield Delivery(form.fields, kept, mapping)


@asynccontextmanager
async def one_file(
    request: Request[Any, Any, Any], actor: Actor, name: str, written: Format | None = None
) -> AsyncIterator[Brought]:
    """A file that is the whole body of a request; forgotten again if the body of the `async with` refuses it."""
    prove(request, "")
    require_length(request, LARGEST)
    with workshop() as folder:
        path = await receive_body(request, Path(folder), name, WANTED.fields[FILES], LARGEST)
        async with _kept(actor, await as_tables(actor, [path], FILES), written) as [file]:
            yield file


def written_as(encoding: str, mapping: Whole | None = None) -> Format | None:
    """How somebody says that the files are written; a mapping that came along says it itself. Raises Invalid."""
    if mapping is not None and mapping.format.encoding is not None:
        return mapping.format
    if encoding and not is_text(encoding):
        raise Invalid.field(ENCODING, _("This encoding is not known."))
    return Format(encoding=encoding) if encoding else None


@asynccontextmanager
async def _kept(actor: Actor, paths: Sequence[Path], written: Format | None) -> AsyncIterator[list[Brought]]:
    glances = await look_at(paths, written)
    kept = [Brought(new_id(), path.name, _size(path), seen) for path, seen in zip(paths, glances, strict=True)]
    try:
        for file, path in zip(kept, paths, strict=True):
            await store.keep(actor.organisation_id, file.id, path)
        yield kept
    except BaseException:
        for file in kept:
            await store.forget(actor.organisation_id, file.id)
        raise


async def look_at(paths: Sequence[Path], written: Format | None = None) -> list[Glance]:
    """What each file looks like; raises Invalid with a sentence for every file that is no table."""
    seen = [await _look(path, written or Format()) for path in paths]
    wrong = [Message(each.text, each.parameters) for each in seen if isinstance(each, Refused)]
    if wrong:
        raise Invalid(errors=[FieldError(FILES, message) for message in wrong])
    return [each for each in seen if isinstance(each, Glance)]


async def _look(path: Path, written: Format) -> Glance | Refused:
    command = [sys.executable, "-P", "-m", "portal.operations.desk.glance", str(path)]
    async with PATIENCE:
        process = await asyncio.create_subprocess_exec(
            *command,
            *(written.encoding or "", written.delimiter or ""),
            env={name: os.environ[name] for name in INHERITED if name in os.environ},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            told, _nothing = await asyncio.wait_for(process.communicate(), SECONDS)
        except BaseException as error:
            process.kill()
            await process.wait()
            if not isinstance(error, TimeoutError):
                raise
            return _unreadable(path)
    return msgspec.json.decode(told, type=Glance | Refused) if process.returncode == 0 else _unreadable(path)


async def look_again(
    actor: Actor, files: Mapping[str, UUID], glances: Mapping[str, Glance], written: Format
) -> dict[str, Glance]:
    """How the beginnings of text files look in the encoding and with the delimiter of a mapping, where it has them."""
    asked = (written.encoding or "", written.delimiter or "")
    found = {}
    with workshop() as folder:
        for name, before in glances.items():
            if before.encoding and before.asked != asked and name in files:
                path = Path(folder) / name
                is_cut = await store.fetch_beginning(actor.organisation_id, files[name], path, BEGINNING)
                [seen] = await look_at([path], written)
                sheets = [msgspec.structs.replace(sheet, whole=sheet.whole and not is_cut) for sheet in seen.sheets]
                found[name] = msgspec.structs.replace(seen, sha256=before.sha256, sheets=sheets)
    return found


def _unreadable(path: Path) -> Refused:
    message = _("{file} takes too much time or memory to read. Save it as CSV, or split it.", file=path.name)
    return Refused(message.text, {"file": path.name})


def _require_different(names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Invalid.field(FILES, _("Two files have the same name: {names}.", names=", ".join(twice)))


async def _mapping_of(form: Received) -> Whole | None:
    paths = form.files.get(MAPPING, [])
    return await read_mapping(paths[0].name, paths[0].read_bytes()) if paths else None


async def read_mapping(name: str, body: bytes) -> Whole:
    """The mapping in an uploaded file; raises Invalid with the place of what is wrong."""
    if len(body) > LARGEST_MAPPING:
        raise Invalid.field(MAPPING, too_large(name, LARGEST_MAPPING))
    try:
        return await aside(decode, body, json=name.lower().endswith(".json"))
    except (msgspec.MsgspecError, ValueError) as error:
        raise Invalid.field(MAPPING, _("The mapping {name} cannot be used: {why}.", name=name, why=error)) from error


def _size(path: Path) -> int:
    return path.stat().st_size
