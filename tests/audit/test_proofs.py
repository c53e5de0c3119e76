"""Proofs over HTTP: checked here by nothing but the RFC's arithmetic, the public key and what the answer says."""

import hashlib
import json
from typing import Any

import pytest

from portal.audit.checkpoints import Checkpoint, is_signed, public_of, signers, verifier_key
from portal.audit.merkle import proves_consistency, proves_inclusion
from portal.audit.offline import verify_file
from portal.platform.canonical import commit
from tests.harness.log_rows import many_entries, seal_now
from tests.harness.pages import Reader
from tests.harness.world import draft_order, trading_pair

API = "/api/v1"


def holds(proof: dict[str, Any]) -> bool:
    """What a stranger with the public key finds out."""
    signed = proof["checkpoint"]
    told = Checkpoint.of(signed["note"])
    leaf = commit(bytes.fromhex(proof["salt"]), proof["payload"].encode())
    path = [bytes.fromhex(each) for each in proof["hashes"]]
    return is_signed(signed["note"], signers()[0].public) and proves_inclusion(
        leaf, proof["position"], told.size, path, told.root
    )


def test_a_public_key_is_read_back_whatever_signs_its_base64_has():
    keys = [hashlib.sha256(bytes([n])).digest() for n in range(64)]
    named = [verifier_key("portal.example/log", key) for key in keys]
    assert any(each.count("+") > 2 for each in named)
    assert [public_of(each) for each in named] == keys
    assert [public_of(each.split("+", 2)[2]) for each in named] == keys
    for broken in ("", "portal.example/log", named[0][:-4], named[0] + "AAAA"):
        with pytest.raises(ValueError, match=r"key|padd|base64|data"):
            public_of(broken)


async def test_an_auditor_proves_that_an_entry_is_in_the_log(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier, internal_note="pay late")
    client = await client_of(company.auditor)
    [entry] = (await client.get(f"{API}/audit-entries", params={"object": order.number})).json()["items"]

    early = await client.get(f"{API}/audit-entries/{entry['id']}/proof")
    await seal_now()
    proof = (await client.get(f"{API}/audit-entries/{entry['id']}/proof")).json()

    assert (early.status_code, early.headers["retry-after"]) == (409, "5")
    assert holds(proof)
    assert order.number in proof["payload"]
    [side] = proof["sides"]
    assert "pay late" in side["body"]
    digest = hashlib.sha256(bytes.fromhex(side["salt"]) + side["body"].encode()).hexdigest()
    assert f'"{company.id}":"{digest}"' in proof["payload"]
    assert not holds(proof | {"payload": proof["payload"].replace("12.50", "12.51")})
    assert not holds(proof | {"position": proof["position"] - 1})


async def test_the_page_of_an_entry_says_how_it_is_sealed_and_gives_the_proof(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    reader = Reader(await client_of(company.auditor))
    found = await reader.open("/audit", query=order.number)
    before = await reader.open(found.links["Entered the order"])
    await seal_now()
    after = await reader.open(found.links["Entered the order"])

    assert "Waits for its seal" in before.text
    assert "of the sealed log" in after.text
    assert after.links["Proof (JSON)"].endswith("/proof")
    assert "Proof (JSON)" not in before.links


async def test_nobody_proves_what_they_may_not_read(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    await seal_now()
    client = await client_of(company.auditor)
    [entry] = (await client.get(f"{API}/audit-entries", params={"object": order.number})).json()["items"]

    assert (
        await (await client_of(supplier.auditor)).get(f"{API}/audit-entries/{entry['id']}/proof")
    ).status_code == 404
    for path in (f"audit-entries/{entry['id']}/proof", "audit/checkpoint", "audit/consistency?from=1"):
        assert (await (await client_of(company.buyer)).get(f"{API}/{path}")).status_code == 403


@pytest.mark.parametrize("more", [1, 300, 1500])
async def test_the_log_of_one_checkpoint_is_the_beginning_of_the_next(client_of, tmp_path, more):
    company, supplier = await trading_pair()
    await draft_order(company, supplier)
    first: Any = await seal_now()
    await _more(more)
    await seal_now()
    client = await client_of(company.auditor)

    told = (await client.get(f"{API}/audit/consistency", params={"from": first.checkpoint.size})).json()

    before, after = Checkpoint.of(told["earlier"]["note"]), Checkpoint.of(told["later"]["note"])
    path = [bytes.fromhex(each) for each in told["hashes"]]
    assert before == first.checkpoint
    assert after.size >= before.size + more
    assert proves_consistency(before.size, after.size, before.root, after.root, path)
    assert not proves_consistency(before.size, after.size, after.root, after.root, path)
    assert (await client.get(f"{API}/audit/checkpoint")).json() == told["later"]
    file = tmp_path / "consistency.json"
    file.write_text(json.dumps(told))
    verdict = verify_file(file)
    assert (verdict.intact, verdict.kind) == (True, "consistency")
    assert (verdict.earlier, verdict.later) == (before.size, after.size)
    file.write_text(json.dumps(told | {"hashes": told["hashes"][1:]}))
    assert {fault.kind for fault in verify_file(file).faults} == {"consistency"}
    sized = await client.get(f"{API}/audit/checkpoint", params={"size": before.size})
    assert sized.json() == told["earlier"]
    unknown = await client.get(f"{API}/audit/checkpoint", params={"size": before.size + 10**12})
    assert unknown.status_code == 404
    assert f"{after.size}. The size of a checkpoint stands in its second line" in unknown.json()["detail"]
    between = await client.get(f"{API}/audit/consistency", params={"from": after.size + 1})
    assert f"at {after.size + 1} entries" in between.json()["detail"]
    assert (await client.get(f"{API}/audit/consistency", params={"from": 0})).status_code == 400


async def _more(count: int) -> None:
    import asyncpg

    from portal.platform.settings import settings

    connection = await asyncpg.connect(settings().database_url)
    await many_entries(connection, count)
    await connection.close()
