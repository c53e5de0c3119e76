"""An operator keeps files in an object store: the doctor says what is wrong with it, backups go there and come back."""

from pathlib import Path
from typing import Any

import pytest

from portal.documents import commands
from portal.documents.store import load
from portal.platform.actor import Actor
from portal.platform.settings import override, settings
from tests.harness.backups import empty_database, here, portal
from tests.harness.objects import ObjectStore
from tests.harness.stores import kept_in
from tests.harness.world import issued_order, trading_pair


def found(**environment: str) -> dict[str, str]:
    """What the doctor says of the store."""
    said = portal("doctor", "--json", **environment)
    assert said.facts, said.err
    return next(each for each in said.facts if each["what"] == "Store of files")


def test_the_doctor_says_what_is_wrong_with_the_store(object_store: ObjectStore, tmp_path: Path):
    there = object_store.environment() | {"PORTAL_DATA": str(tmp_path), "PORTAL_DOCUMENTS_URL": object_store.place()}
    assert found(**there)["state"] == "ok"

    refused = found(**there | {"AWS_SECRET_ACCESS_KEY": "another"})
    assert (refused["state"], "refuses these credentials" in refused["found"]) == ("bad", True)
    stranger = found(**there | {"AWS_ACCESS_KEY_ID": "nobody"})
    assert "refuses these credentials" in stranger["found"]
    assert "AWS_ACCESS_KEY_ID" in stranger["mend"]
    assert "no such bucket" in found(**there | {"PORTAL_DOCUMENTS_URL": "s3://no-such-bucket/kept"})["found"]
    object_store.kill()
    away = found(**there)
    assert (away["state"], "does not answer" in away["found"]) == ("bad", True)
    assert "AWS_ENDPOINT_URL_S3" in away["mend"]


@pytest.mark.usefixtures("connected")
async def test_a_backup_takes_files_out_of_the_store_to_it_and_brings_them_back(
    object_store: ObjectStore, database: str, tmp_path: Path
):
    """Into another place of it, beside another database."""
    with kept_in(object_store.place()):
        there = here() | object_store.environment() | {"PORTAL_DOCUMENTS_URL": settings().documents}
        company, supplier = await trading_pair()
        order = await issued_order(company, supplier)
        document = await commands.request(company.buyer, "purchase-order", order.id)
        await commands.render(Actor.system(company.id), document.id)
        digest = str((await commands.request(company.buyer, "purchase-order", order.id)).sha256)

    made: Any = portal("backup", "--to", object_store.place(), "--json", **there)
    assert made.facts is not None, made.err
    assert [path for path in made.facts["missing"] if path.endswith(digest)] == []
    checked: Any = portal("backup", "--verify", made.facts["file"], "--json", **there)
    assert checked.facts["genuine"] is True, "files of other stories lie elsewhere, and are told of as missing"
    with empty_database(f"{database}_stored") as elsewhere:
        elsewhere |= object_store.environment()
        elsewhere |= {"PORTAL_DATA": str(tmp_path), "PORTAL_DOCUMENTS_URL": object_store.place()}
        restored = portal("restore", made.facts["file"], "--json", **elsewhere)
        assert restored.code == 0, restored.err
    with override(documents_url=elsewhere["PORTAL_DOCUMENTS_URL"]):
        assert (await load(digest)).startswith(b"%PDF")
