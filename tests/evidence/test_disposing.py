"""Attached files go when their record's time is over: under a certificate, past no hold, and the page says so."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from portal.audit.commands import place_hold, release_hold
from portal.audit.forms import HoldForm
from portal.documents.store import stream
from portal.evidence import commands
from portal.evidence.commands.check import shelf
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Denied
from tests.harness.deliveries import received_goods
from tests.harness.evidence import PDF, attached, file_row, picture
from tests.harness.world import accepted_order, trading_pair


@pytest.fixture
async def place(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    return company, supplier, order, await client_of(company.buyer), await client_of(supplier.order_desk)


async def later(clock: Any, years: float) -> None:
    await clock(datetime.fromisoformat("2026-11-22T12:00:00+00:00") + timedelta(days=365.25 * years))


async def bytes_of(digest: str, owner: Any) -> bytes:
    return b"".join([part async for part in await stream(digest, shelf(owner.id))])


async def test_a_file_is_kept_as_long_as_its_record_and_then_destroyed_with_a_certificate(
    place, superuser, clock, client_of
):
    company, _supplier, order, buyer, order_desk = place
    file = await attached(buyer, "purchase-order", order.id, "damage.jpg", picture())
    row, system = await file_row(company.buyer, file["id"]), Actor.system(company.id)
    assert await bytes_of(row.preview_sha256, company)

    await later(clock, 6)
    assert (await commands.dispose(system, really=True)).due == []
    await later(clock, 7.2)
    assert [each.name for each in (await commands.dispose(system, really=False)).due] == ["damage.jpg"]
    assert await bytes_of(row.sha256, company)
    done = await commands.dispose(system, really=True)
    assert (await commands.dispose(system, really=True)).due == []
    await clock(None)

    for digest in (row.sha256, row.preview_sha256):
        with pytest.raises(FileNotFoundError):
            await bytes_of(digest, company)
    for client in (buyer, order_desk):
        assert "Disposed of" in (await client.get(f"/orders/{order.id}")).text
        gone = await client.get(f"/files/{file['id']}")
        assert (gone.status_code, "was destroyed" in gone.text) == (409, True)
        assert (await client.get(f"/files/{file['id']}/preview")).status_code == 409
    [certificate] = (await (await client_of(company.auditor)).get("/api/v1/disposals")).json()["items"]
    [line] = certificate["lines"]
    assert (certificate["number"], line["kind"], line["number"]) == (done.number, "evidence-file", order.number)
    assert line["sha256"] == row.sha256
    log = "select root_id from audit_entry where event = 'evidence-file.disposed' and subject_id = %s"
    assert superuser.execute(log, [row.id]).fetchone() == (order.id,)


async def test_a_file_that_came_later_than_its_record_is_kept_from_its_own_day(place, clock):
    company, _supplier, order, buyer, _order_desk = place
    await later(clock, 3)
    await attached(buyer, "purchase-order", order.id, "late.pdf", PDF)

    await later(clock, 7.2)
    assert (await commands.dispose(Actor.system(company.id), really=True)).due == []
    await later(clock, 10.2)
    assert len((await commands.dispose(Actor.system(company.id), really=True)).due) == 1


@pytest.mark.parametrize("whose", ["company", "supplier"])
async def test_a_hold_of_either_side_keeps_it_in_the_database_itself(place, superuser, clock, whose):
    company, supplier, order, buyer, _order_desk = place
    file = await attached(buyer, "purchase-order", order.id, "damage.pdf", PDF)
    holder = {"company": company, "supplier": supplier}[whose]
    form = convert(HoldForm, {"object_id": str(order.id), "reason": "Before the court"})
    hold = await place_hold(holder.administrator, form)
    await later(clock, 9)

    done = await commands.dispose(Actor.system(company.id), really=True)
    assert ([each.name for each in done.held], done.due, done.number) == (["damage.pdf"], [], "")
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute("update evidence_file set state = 'disposed' where id = %s", [file["id"]])
    await release_hold(holder.administrator, hold.id, "Settled")
    assert (await commands.dispose(Actor.system(company.id), really=True)).number


async def test_nothing_is_disposed_of_without_its_line_on_a_certificate(place, superuser):
    _company, _supplier, order, buyer, _order_desk = place
    file = await attached(buyer, "purchase-order", order.id, "damage.pdf", PDF)
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute("update evidence_file set state = 'disposed' where id = %s", [file["id"]])


async def test_bytes_that_another_file_has_too_stay(place, clock):
    company, _supplier, order, buyer, _order_desk = place
    first = await attached(buyer, "purchase-order", order.id, "one.pdf", PDF)
    await later(clock, 5)
    second = await attached(buyer, "purchase-order", order.id, "two.pdf", PDF)
    await later(clock, 7.2)

    done = await commands.dispose(Actor.system(company.id), really=True)

    assert [str(each.id) for each in done.due] == [first["id"]]
    assert await bytes_of(second["sha256"], company) == PDF


async def test_files_of_records_without_a_rule_stay_and_nobody_at_a_desk_disposes_of_any(client_of, clock):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    receipt = await received_goods(company, order, "4")
    await attached(await client_of(company.receiver), "goods-receipt", receipt.id, "pallet.pdf", PDF)
    await attached(await client_of(company.buyer), "purchase-order", order.id, "plan.pdf", PDF)
    await later(clock, 50)

    due = (await commands.dispose(Actor.system(company.id), really=False)).due
    assert [each.kind for each in due] == ["purchase-order"]
    with pytest.raises(Denied):
        await commands.dispose(company.administrator, really=True)
