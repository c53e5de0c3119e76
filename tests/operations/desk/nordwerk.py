"""Nordwerk's people at the import desk: what they bring, over HTTP, and what the worker does with it."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import python_calamine as calamine

from portal.operations.desk.commands.start import RUN
from portal.platform.settings import settings
from tests.harness.jobs import run_jobs
from tests.harness.pages import Page, Reader
from tests.operations.nordwerk import LINES, MAPPING, SUPPLIERS

API = "/api/v1/imports"
BAD_LINES = LINES.replace("1;20;A-2;2.500", "1;20;A-2;minus")
BAD_SUPPLIERS = SUPPLIERS + "70003;Broken & Co;XX;Bonn\n;Nameless;DE;Ulm\n"


async def brought(client: Any, *files: tuple[str, str], encoding: str = "latin-1", **made: Any) -> dict[str, Any]:
    """An import of these files, over the API."""
    opened = await client.post(API, json=made or {})
    assert opened.status_code == 201, opened.text
    told = opened.json()
    for name, text in files:
        put = await client.put(f"{API}/{told['id']}/files/{name}", content=text.encode(encoding))
        assert put.status_code == 200, put.text
        told = put.json()
    return told


async def mapped(client: Any, import_id: str, kind: str, mapping: str = MAPPING) -> dict[str, Any]:
    put = await client.put(f"{API}/{import_id}/mapping", json={"kind": kind, "mapping": mapping})
    assert put.status_code == 200, put.text
    return put.json()


async def ran(client: Any, import_id: str, **how: Any) -> dict[str, Any]:
    """Start it, and do what the worker does."""
    started = await client.post(f"{API}/{import_id}/start", json=how)
    assert started.status_code == 200, started.text
    for done in await run_jobs(RUN):
        if done.error:
            raise done.error
    return (await client.get(f"{API}/{import_id}")).json()


def kept_bytes(company: Any) -> list[str]:
    """The names of a company's files in the store."""
    folder = Path(unquote(urlsplit(settings().documents).path)) / "imports" / str(company.id)
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def sent(
    reader: Reader,
    path: str,
    action: str,
    files: Sequence[tuple[str, str | bytes]] = (),
    mapping: tuple[str, str] | None = None,
    **typed: str,
) -> Page:
    """Open a page and send its form with files, as a browser without scripts does: its fields first."""
    form = (await reader.open(path)).form(action)
    parts = [("files", (name, _bytes(text))) for name, text in files]
    parts += [("mapping", (mapping[0], mapping[1].encode()))] if mapping else []
    values = {name: value for name, value in form.values.items() if name not in ("files", "mapping")} | typed
    answer = await reader.client.post(form.action, data=values, files=parts)
    return await reader.open(answer.headers["location"]) if answer.status_code == 303 else Page(answer)


def workbook_of(content: bytes) -> dict[str, list[list[str]]]:
    """A workbook's sheets as text."""
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return {
            name: [[*map(str, row)] for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names
        }


def _bytes(text: str | bytes) -> bytes:
    return text.encode("latin-1") if isinstance(text, str) else text
