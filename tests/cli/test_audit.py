"""The sealed log and the keeping of records on the command line, over a real database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.access.commands import remove_member
from portal.audit.checkpoints import Checkpoint, signers
from portal.platform.actor import Actor
from tests.cli.conftest import Answer
from tests.harness import cluster
from tests.harness.log_rows import seal_now
from tests.harness.world import Organised, a_colleague, issued_order, trading_pair

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def company(connected: None) -> tuple[Organised, Any]:
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    await seal_now()
    return company, order


@pytest.fixture
def known(database: str, tmp_path: Path) -> dict[str, str]:
    return {
        "PORTAL_DATABASE_URL": cluster.url("portal_app", database),
        "PORTAL_OWNER_URL": cluster.url("portal_owner", database),
        "PORTAL_DATA": str(tmp_path),
        "PORTAL_SECRET_KEYS": cluster.RING,
    }


def run(*arguments: str, **environment: str) -> Answer:
    """The command as a process of its own, with just the settings given."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    done = subprocess.run(
        [sys.executable, "-c", "from portal.cli import main; main()", *arguments],
        cwd=ROOT,
        env=clean | {"COLUMNS": "200"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


async def test_evidence_goes_out_and_is_checked_where_nothing_is_known(known, company, tmp_path):
    mine, order = company
    file = tmp_path / "evidence.zip"
    asked = ("--organisation", str(mine.id), "--object", str(order.id), "--json")
    made = run("audit", "export", str(file), *asked, **known)
    assert made.code == 0, made.err
    assert json.loads(made.out)["entries"] == 4

    checked = run("audit", "verify", "--file", str(file), "--json")
    assert (checked.code, json.loads(checked.out)["intact"]) == (0, True)
    assert "NOT COMPARED: the key that signed it" in run("audit", "verify", "--file", str(file)).err
    named = run("audit", "verify", "--file", str(file), "--key", json.loads(checked.out)["public_key"])
    assert (named.code, "NOT COMPARED" in named.err) == (0, False)
    mistyped = run("audit", "verify", "--file", str(file), "--key", json.loads(checked.out)["public_key"][:-3])
    assert (mistyped.code, "The key cannot be read" in mistyped.err, "evidence" in mistyped.err) == (1, True, False)
    file.write_bytes(file.read_bytes().replace(b"manifest.sig", b"manifest.sog"))
    assert run("audit", "verify", "--file", str(file)).code == 1
    file.write_bytes(b"nothing")
    odd = run("audit", "verify", "--file", str(file))
    assert (odd.code, "is no evidence" in odd.err) == (1, True)


async def test_a_tampered_entry_is_named_and_the_command_fails(known, company, superuser):
    mine, order = company
    whole = run("audit", "verify", "--json", **known)
    superuser.execute("set session_replication_role = replica")
    [entry] = superuser.execute(
        "update audit_entry set subject = 'PO-1' where root_id = %s and event like '%%issued' returning id", [order.id]
    ).fetchone()
    superuser.execute("set session_replication_role = origin")

    found = run("audit", "verify", "--json", **known)
    told = run("audit", "verify", **known)

    faults = [fault for fault in json.loads(found.out)["faults"] if fault not in json.loads(whole.out)["faults"]]
    assert [(fault["kind"], fault["entry"]) for fault in faults] == [("changed", str(entry))]
    assert (found.code, told.code) == (1, 1)
    assert "does not say what was sealed" in told.err
    assert "NOT COMPARED" in told.err
    assert str(mine.id) not in told.err


async def test_checkpoints_of_a_later_state_are_set_aside_on_purpose_and_stay_to_be_told(
    known, company, tmp_path, superuser
):
    assert "keeps no checkpoints" in run("audit", "set-aside", "--reason", "The night’s restore", **known).err
    (tmp_path / "audit").mkdir()
    present = tmp_path / "audit" / "checkpoint"
    verdict = json.loads(run("audit", "verify", "--json", **known).out)
    present.write_text(verdict["note"])
    assert "nothing is to be set aside" in run("audit", "set-aside", "--reason", "The night’s restore", **known).err
    later = Checkpoint.of(verdict["note"])._replace(size=10**9)
    present.write_text(signers()[0].note(later))

    told = run("audit", "set-aside", "--reason", "The night’s restore", **known)

    assert (told.code, present.exists()) == (0, False)
    [kept] = (tmp_path / "audit").glob("before-*/checkpoint")
    assert str(kept.parent) in told.err
    checked = run("audit", "verify", **known)
    assert (
        f"SET ASIDE and not compared, because the database was put back to an older state: {kept.parent}" in checked.err
    )
    noted = "select body -> 'data' ->> 'reason' from audit_entry where owner_id = %s and event = 'log.put-back'"
    assert superuser.execute(noted, [company[0].id]).fetchall() == [("The night’s restore",)]
    assert "1,000,000,000 entries" in json.loads(run("audit", "verify", "--json", **known).out)["aside"][0]


async def test_records_are_held_released_and_people_forgotten(known, company, tmp_path):
    mine, order = company
    leaver = await a_colleague(mine, "buyer")
    here = ("--organisation", str(mine.id))
    about = tmp_path / "about.json"

    assert run("records", "hold", "--reason", "Court", *here, **known).code == 1
    held = run("records", "hold", "--object", str(order.id), "--reason", "Court", *here, **known)
    assert held.code == 0, held.err
    hold_id = held.err.split()[-1].strip(".")
    assert run("records", "release", hold_id, "--reason", "Over", *here, **known).code == 0
    due = run("records", "dispose", "--json", *here, **known)
    assert json.loads(due.out) == {
        "certificate": "",
        "due": [],
        "held": [],
        "files": {"certificate": "", "due": [], "held": []},
    }

    assert run("records", "about", "--user", leaver.email, str(about), *here, **known).code == 0
    assert json.loads(about.read_text())["own"]["person"][0]["email"] == leaver.email
    erase = ("records", "erase", "--user", leaver.email, "--reason", "Asked for it", *here)
    asked = run(*erase, **known)
    assert (asked.code, "is known here. Erasing cannot be undone" in asked.err) == (2, True)
    mistyped = run("records", "erase", "--user", "nobody@a.test", "--reason", "Asked for it", *here, **known)
    assert (mistyped.code, "--yes" in mistyped.err) == (1, False)
    assert run(*erase, "--yes", **known).code == 1
    await remove_member(Actor.system(mine.id), leaver.person)
    assert run(*erase, "--yes", **known).code == 0
    assert run(*erase, "--yes", **known).code == 1
    assert run("migrate", **known).code == 0
