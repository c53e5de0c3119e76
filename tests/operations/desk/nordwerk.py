"""Nordwerk's people at the import desk: what they bring, over HTTP, and what the worker does with it."""

from typing import Any

from portal.operations.desk.commands.start import RUN
from tests.harness.jobs import run_jobs
from tests.operations.nordwerk import MAPPING, SUPPLIERS

API = "/api/v1/imports"
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
