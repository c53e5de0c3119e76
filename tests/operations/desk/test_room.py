"""The room that brought files take: how much of it there is, and how it is given back, also by those who die."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from portal.operations.desk import store
from portal.operations.desk.commands import room
from portal.operations.desk.jobs import TIDY
from portal.platform import workshop as workshop_module
from portal.platform.ids import new_id
from portal.platform.jobs import run
from portal.platform.workshop import sweep, workshop
from tests.harness.world import buying_company
from tests.operations.desk.nordwerk import API, BAD_SUPPLIERS, brought, kept_bytes, mapped, ran
from tests.operations.nordwerk import ITEMS

LONG = "漢" * 110 + ".csv"
WAITING = """
import time
from portal.platform.workshop import workshop
with workshop() as folder:
    print(folder, flush=True)
    time.sleep(60)
"""


async def test_a_long_name_in_any_script_is_taken_and_so_are_its_mended_rows(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    made = await brought(client, (LONG, BAD_SUPPLIERS))
    await mapped(client, made["id"], "suppliers")
    done = await ran(client, made["id"], trial=False)
    assert {file["purpose"] for file in done["files"]} == {"given", "corrections"}
    assert (await client.get(f"{API}/{made['id']}/corrections.xlsx")).status_code == 200
    assert (await client.post("/imports", files={"files": (LONG, ITEMS.encode())})).status_code == 303


@pytest.mark.parametrize("leave_out", [True, False])
async def test_when_an_import_is_over_only_what_mended_rows_need_is_kept(client_of, leave_out):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    text = BAD_SUPPLIERS if leave_out else BAD_SUPPLIERS.partition("70003")[0]
    made = await brought(client, ("Lieferanten.csv", text), ("Anderes.csv", ITEMS))
    await mapped(client, made["id"], "suppliers")
    await ran(client, made["id"])
    before = len(kept_bytes(company))
    done = await ran(client, made["id"], trial=False, leave_out=leave_out)
    assert done["state"] == "imported"
    kept = {file["name"] for file in done["files"] if file["forgotten_at"] is None}
    assert kept == ({"Lieferanten.csv", "Lieferanten (corrections).xlsx"} if leave_out else set())
    assert (before, len(kept_bytes(company))) == ((3, 2) if leave_out else (2, 0))


async def test_all_files_of_an_organisation_have_one_limit(client_of, monkeypatch):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    monkeypatch.setattr(room, "MOST_BYTES", len(ITEMS.encode("latin-1")) * 2)
    first = await brought(client, ("Artikel.csv", ITEMS))
    await brought(client, ("Artikel.csv", ITEMS))
    third = await brought(client)
    path = f"{API}/{third['id']}/files/Artikel.csv"
    refused = await client.put(path, content=ITEMS.encode())
    assert (refused.status_code, "would take more than" in refused.json()["detail"]) == (409, True)
    assert len(kept_bytes(company)) == 2
    assert (await client.post("/imports", files={"files": ("Artikel.csv", ITEMS.encode())})).status_code == 409
    await client.delete(f"{API}/{first['id']}")
    assert (await client.put(path, content=ITEMS.encode())).status_code == 200


async def test_bytes_without_a_row_are_swept_up_after_a_day(client_of, tmp_path):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    await brought(client, ("Artikel.csv", ITEMS))
    stray, file = new_id(), tmp_path / "stray"
    file.write_bytes(b"nobody's")
    await store.keep(company.id, stray, file)
    await run(TIDY, organisation_id=str(company.id))
    assert len(kept_bytes(company)) == 2
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    [known] = set(kept_bytes(company)) - {str(stray)}
    assert await store.forget_strays(company.id, {UUID(known)}, tomorrow) == 1
    assert kept_bytes(company) == [known]


def test_a_folder_of_a_process_that_was_killed_is_removed_and_no_other(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(workshop_module, "JUST_MADE", -1)
    with subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE, text=True) as working:
        assert working.stdout is not None
        folder = Path(working.stdout.readline().strip())
        (folder / "Artikel.csv").write_text(ITEMS)
        with workshop() as own:
            assert sweep() == 0
            os.kill(working.pid, signal.SIGKILL)
            working.wait()
            assert folder.exists()
            assert sweep() == 1
            assert (folder.exists(), Path(own).exists()) == (False, True)
    (tmp_path / "portal-work-young").mkdir()
    monkeypatch.setattr(workshop_module, "JUST_MADE", 60)
    assert sweep() == 0
