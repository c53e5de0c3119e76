"""Documents on the command line: whether a PDF in hand is one that the portal issued."""

import hashlib
import json
from pathlib import Path

from portal.platform.settings import settings
from tests.cli.test_audit import run
from tests.harness import cluster
from tests.harness.papers import order_paper, written_into


async def test_the_command_line_says_what_the_page_says(client_of, database, tmp_path: Path):
    paper, file = await order_paper(client_of), tmp_path / "order.pdf"
    known = {
        "PORTAL_DATABASE_URL": cluster.url("portal_app", database),
        "PORTAL_OWNER_URL": cluster.url("portal_owner", database),
        "PORTAL_DATA": str(tmp_path),
        "PORTAL_SECRET_KEYS": cluster.RING,
    }
    file.write_bytes(paper.pdf)
    genuine = run("documents", "verify", str(file), "--json", **known)
    assert genuine.code == 0, genuine
    assert json.loads(genuine.out)["document"]["number"] == paper.record.number

    file.write_bytes(written_into(paper.pdf))
    changed = run("documents", "verify", str(file), **known)
    assert changed.code == 1
    assert "CHANGED" in changed.out + changed.err


async def test_the_command_line_makes_a_document_again_and_names_what_changed(client_of, database, tmp_path: Path):
    paper = await order_paper(client_of)
    known = {
        "PORTAL_DATABASE_URL": cluster.url("portal_app", database),
        "PORTAL_OWNER_URL": cluster.url("portal_owner", database),
        "PORTAL_DATA": str(tmp_path),
        "PORTAL_SECRET_KEYS": cluster.RING,
        "PORTAL_URL": settings().url,
    }
    digest, whose = hashlib.sha256(paper.pdf).hexdigest(), ("--organisation", str(paper.company.id))
    same = run("documents", "again", digest, "--json", *whose, **known)
    assert same.code == 0, same
    assert json.loads(same.out)["same"] is True

    other = run("documents", "again", digest, *whose, **known | {"PORTAL_URL": "http://localhost:1"})
    assert other.code == 1, other
    assert "What the page says" in other.out + other.err
