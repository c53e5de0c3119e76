"""Workpapers: a sample that anybody draws again, what was found, another one’s signature, evidence as one file."""

import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, RaiseException

from portal.audit.offline import verify_file
from portal.documents import pressroom
from portal.documents.store import load
from portal.operations.workspace.commands import evidence as making
from portal.operations.workspace.commands import papers
from portal.operations.workspace.commands.engagements import close_engagement
from portal.operations.workspace.evidence import evidence
from portal.operations.workspace.forms import PaperOut, PopulationForm, ResultForm, SignForm
from portal.operations.workspace.papers import paper
from portal.operations.workspace.populations import population, totals
from portal.operations.workspace.sampling import Unit, random
from portal.orders import commands as orders
from portal.platform.actor import Actor, ApprovalLimit
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied, Invalid, NotFound
from portal.platform.settings import settings
from portal.platform.work import viewing
from tests.harness.audits import asked_evidence, drawn_sample, opened_engagement, written_finding
from tests.harness.invoices import delivered_order, submitted_invoice
from tests.harness.log_rows import seal_now
from tests.harness.world import a_colleague, issued_order, line, submitted_order, trading_pair


async def read(actor: Actor, paper_id: Any) -> PaperOut:
    async with viewing(actor) as view:
        return await paper(view, paper_id)


async def result(actor: Actor, paper_id: Any, item_id: Any, outcome: str = "pass", **told: Any) -> Any:
    return await papers.enter_result(actor, paper_id, item_id, convert(ResultForm, {"outcome": outcome} | told))


async def signed(actor: Actor, paper_id: Any, digest: str) -> Any:
    return await papers.sign_paper(actor, paper_id, convert(SignForm, {"digest": digest}))


@pytest.fixture
async def audit(connected: None) -> Any:
    """A company with four orders, and an engagement on it."""
    company, supplier = await trading_pair()
    for price in ("1.00", "20.00", "300.00", "4000.00"):
        await issued_order(company, supplier, line(unit_price=price, quantity="1"))
    return company, supplier, *await opened_engagement(company)


async def test_the_same_seed_draws_the_same_records_and_another_seed_others(audit):
    _company, _supplier, engagement, auditor, _owner = audit

    first = await read(auditor, (await drawn_sample(auditor, engagement, size="2")).id)
    again = await read(auditor, (await drawn_sample(auditor, engagement, size="2")).id)
    others = [await drawn_sample(auditor, engagement, size="2", seed=str(seed)) for seed in range(8)]

    assert [item.record_id for item in first.items] == [item.record_id for item in again.items]
    drawn = {tuple(item.record_id for item in (await read(auditor, each.id)).items) for each in others}
    assert len(drawn) > 1


async def test_a_sample_keeps_the_control_totals_of_its_population(audit):
    _company, _supplier, engagement, auditor, _owner = audit
    kept = await read(auditor, (await drawn_sample(auditor, engagement, size="2")).id)

    async with viewing(auditor) as view:
        members = await population(view, PopulationForm(kind="orders"))
        now: Any = await view.value("select now()")
    told = totals("orders", members, now)

    assert told.count == 4
    assert kept.content["population"]["sha256"] == told.sha256
    assert kept.content["population"]["sums"] == [{"currency": "EUR", "count": 4, "total": "5141.99", "below": "0"}]
    drawn = random([Unit(member.id, member.amount) for member in members], 2, "7")
    assert [each.id for each in drawn] == [item.record_id for item in kept.items]


async def test_money_units_always_take_the_big_ones_and_project_what_was_wrong(audit):
    _company, _supplier, engagement, auditor, _owner = audit
    asked = {"method": "monetary", "currency": "EUR", "interval": "350.00", "risk": "5", "tolerable": "3000.00"}
    drawn = await read(auditor, (await drawn_sample(auditor, engagement, **asked)).id)
    certain = [item for item in drawn.items if item.certain]
    assert {item.amount for item in certain} == {Decimal("357.00"), Decimal("4760.00")}
    assert drawn.projection is None

    for item in drawn.items:
        wrong = {"audited": "4700.00", "note": "Price of last year"} if item.amount == Decimal("4760.00") else {}
        await result(auditor, drawn.id, item.id, "exception" if wrong else "pass", **wrong)

    found = (await read(auditor, drawn.id)).projection
    assert found is not None
    assert (found.known, found.projected) == (Decimal("60.00"), Decimal("60.00"))
    assert found.upper_limit == Decimal("60.00") + Decimal("350.00") * 3
    assert found.acceptable is True


async def test_every_kind_of_population_is_counted():
    company, supplier, order = await delivered_order(line(quantity="10", unit_price="12.50"), accepted=(8,))
    await submitted_invoice(supplier, order)

    async with viewing(company.auditor) as view:
        found = {kind: await population(view, PopulationForm(kind=kind)) for kind in ("orders", "invoices", "receipts")}
        none = await population(view, PopulationForm(kind="payments"))
    async with viewing(supplier.auditor) as view:
        theirs = await population(view, PopulationForm(kind="invoices"))

    assert [(member.party, member.currency) for each in found.values() for member in each] == [
        (supplier.name, "EUR")
    ] * 3
    assert found["receipts"][0].amount == Decimal("100.00")
    assert none == []
    assert [member.party for member in theirs] == [company.name]


async def test_nobody_draws_money_units_of_two_currencies_or_from_nothing(audit):
    company, supplier, engagement, auditor, _owner = audit
    boundless = await a_colleague(company, "approver", limit=ApprovalLimit("EUR", None, None))
    order = await submitted_order(company, supplier, currency="USD")
    await orders.approve(boundless, order.id)
    await orders.issue(company.buyer, order.id)
    for changes in (
        {"method": "monetary", "interval": "100.00"},
        {"method": "monetary", "currency": "EUR"},
        {"method": "monetary", "currency": "EUR", "tolerable": "100.00", "expected": "99.00"},
        {"kind": "payments"},
        {"size": "5000"},
    ):
        with pytest.raises(Invalid):
            await drawn_sample(auditor, engagement, **changes)


async def test_a_later_word_on_an_item_counts_and_the_earlier_one_stays(audit, superuser):
    _company, _supplier, engagement, auditor, _owner = audit
    drawn = await read(auditor, (await drawn_sample(auditor, engagement, size="1")).id)
    item = drawn.items[0]
    with pytest.raises(Invalid):
        await result(auditor, drawn.id, item.id, "exception")
    await result(auditor, drawn.id, item.id)
    await result(auditor, drawn.id, item.id, "exception", note="No approval", audited="0.00")

    assert (await read(auditor, drawn.id)).items[0].outcome == "exception"
    assert superuser.execute("select count(*) from workpaper_result where item_id = %s", [item.id]).fetchone() == (2,)


async def test_somebody_else_signs_what_they_read_and_then_nothing_is_added(audit):
    _company, _supplier, engagement, auditor, owner = audit
    drawn = await read(auditor, (await drawn_sample(auditor, engagement, size="1")).id)
    read_by_owner = (await read(owner, drawn.id)).whole_digest
    await result(auditor, drawn.id, drawn.items[0].id)

    with pytest.raises(Denied):
        await signed(auditor, drawn.id, (await read(auditor, drawn.id)).whole_digest)
    with pytest.raises(Conflict):
        await signed(owner, drawn.id, read_by_owner)
    await signed(owner, drawn.id, (await read(owner, drawn.id)).whole_digest)

    assert (await read(auditor, drawn.id)).signed_by == owner.name
    with pytest.raises(Conflict):
        await result(auditor, drawn.id, drawn.items[0].id)


async def test_the_database_itself_rewrites_no_workpaper(audit):
    company, _supplier, engagement, auditor, _owner = audit
    drawn = await drawn_sample(auditor, engagement, size="1")
    with psycopg.connect(str(settings().database_url), autocommit=True) as application:
        application.execute("select set_config('portal.organisation', %s, false)", [str(company.id)])
        for table in ("workpaper", "workpaper_item"):
            with pytest.raises((InsufficientPrivilege, RaiseException, CheckViolation)):
                application.execute(
                    f"update {table} set number = 'X' where organisation_id = %s".encode(), [company.id]
                )
            with pytest.raises((InsufficientPrivilege, RaiseException, CheckViolation)):
                application.execute(f"delete from {table} where organisation_id = %s".encode(), [company.id])
        sign = (
            "insert into workpaper_signature (id, workpaper_id, organisation_id, digest, signed_by, signed_at) "
            "values (uuidv7(), %s, %s, repeat('a', 64), %s, now())"
        )
        with pytest.raises(CheckViolation):
            application.execute(sign, [drawn.id, company.id, auditor.person_id])


async def test_workpapers_are_read_by_who_takes_part_and_end_with_the_engagement(audit):
    company, supplier, engagement, auditor, _owner = audit
    finding = await written_finding(auditor, engagement)
    for stranger in (await a_colleague(company, "auditor"), supplier.auditor):
        with pytest.raises(NotFound):
            await read(stranger, finding.id)
        with pytest.raises(NotFound):
            await written_finding(stranger, engagement)
    with pytest.raises(Denied):
        await written_finding(company.administrator, engagement)

    await close_engagement(await a_colleague(company, "administrator"), engagement.id, "Done")

    with pytest.raises(Conflict):
        await written_finding(auditor, engagement)
    assert (await read(auditor, finding.id)).title == "Approved late"


async def test_evidence_of_an_engagement_is_one_zip_that_is_checked_without_the_portal(audit, tmp_path):
    company, _supplier, engagement, auditor, owner = audit
    drawn = await drawn_sample(auditor, engagement, size="2")
    await written_finding(auditor, engagement)
    await seal_now()
    asked = await asked_evidence(auditor, engagement_id=str(engagement.id))

    await making.make_evidence(Actor.system(company.id), asked.id)
    pressroom.close()

    async with viewing(owner) as view:
        told = await evidence(view, asked.id)
    assert (told.state, told.done) == ("ready", 1), told.problem
    data = await load(str(told.sha256))
    file = tmp_path / "evidence.zip"
    file.write_bytes(data)
    verdict = verify_file(file)
    assert verdict.faults == []
    assert verdict.entries == told.entries > 6
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        kept = json.loads(made.read(f"workpapers/{drawn.number}.json"))
    assert len(kept["items"]) == 2
    with zipfile.ZipFile(file, "a") as forged:
        forged.writestr("workpapers/WP-9999.json", "{}")
    assert [fault.kind for fault in verify_file(file).faults] == ["file-added"]
    async with viewing(company.administrator) as view:
        with pytest.raises(NotFound):
            await evidence(view, asked.id)
