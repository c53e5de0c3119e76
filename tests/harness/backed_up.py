"""A portal in use that was backed up, and another one that the backup was restored into."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import pytest

from portal.audit.commands import place_hold
from portal.audit.forms import HoldForm
from portal.documents import commands as documents
from portal.documents import pressroom
from portal.evidence import quarantine
from portal.evidence.commands import delete
from portal.messaging.commands import SEND
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.settings import settings
from tests.harness import cluster
from tests.harness.backups import empty_database, files_in, here, portal, rows_in
from tests.harness.evidence import begun_file, checked_file
from tests.harness.imports import brought_files
from tests.harness.jobs import run_jobs
from tests.harness.log_rows import seal_now
from tests.harness.signings import half_signed
from tests.harness.world import Organised, a_colleague, issued_order, trading_pair


class BackedUp(NamedTuple):
    """A portal in use, its backup, and what it held then."""

    file: Path
    facts: dict[str, Any]
    rows: dict[str, tuple[int, str]]
    files: dict[str, bytes]
    company: Organised
    supplier: Organised
    leaver: Actor
    document: str


@pytest.fixture(scope="module")
async def backed_up(
    connected: None, database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BackedUp]:
    company, supplier = await trading_pair()
    leaver = await a_colleague(company, "buyer")
    order = await issued_order(company, supplier)
    await brought_files(company.supplier_manager, "Sample")
    await checked_file(company.buyer, order.id, "damage.pdf")
    await _quarantined_file(company.buyer, order.id)
    await _held_file(company, order.id)
    await half_signed(company, supplier)
    document = await documents.request(company.buyer, "purchase-order", order.id)
    await run_jobs("documents.render", "messaging.notify")
    pressroom.close()
    await seal_now()
    with psycopg.connect(cluster.url("postgres", database), autocommit=True) as superuser:
        superuser.execute("update dramatiq.queue set state = 'consumed' where message ->> 'actor_name' = %s", [SEND])
        found = superuser.execute("select sha256 from document where id = %s", [document.id]).fetchone()
        file = tmp_path_factory.mktemp("backup") / "portal.backup"
        rows = rows_in(cluster.url("postgres", database))
        done = portal("backup", file, "--json", **here())
        assert done.code == 0, done
        assert rows_in(cluster.url("postgres", database)) == rows
        yield BackedUp(
            file, done.facts, rows, files_in(settings().data), company, supplier, leaver, found[0] if found else ""
        )
        superuser.execute("delete from dramatiq.queue where message ->> 'actor_name' = %s", [SEND])


@pytest.fixture(scope="module")
def restored(backed_up: BackedUp, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Another portal, into which the backup was restored; `url` is its superuser's."""
    with empty_database(f"{database}_there") as there:
        there |= {"PORTAL_DATA": str(tmp_path_factory.mktemp("there"))}
        assert portal("restore", backed_up.file, **there).code == 0
        yield there | {"url": cluster.url("postgres", f"{database}_there")}


async def _held_file(company: Organised, order_id: UUID) -> None:
    """A file that was deleted and whose bytes a hold keeps."""
    file_id = await checked_file(company.buyer, order_id, "held.pdf", content=b"%PDF-1.7 held\n%%EOF\n")
    await delete(company.buyer, file_id)
    await place_hold(company.administrator, convert(HoldForm, {"object_id": str(file_id), "reason": "Witness"}))


async def _quarantined_file(actor: Actor, order_id: UUID) -> None:
    """A part of a file that is still being sent."""
    file = await begun_file(actor, "purchase-order", order_id)
    await quarantine.put(file.owner_id, file.id, 0, b"half")
