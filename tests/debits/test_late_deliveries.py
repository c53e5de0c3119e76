"""Late deliveries under contracts that say what a delay costs: proposed with their arithmetic, decided by a person."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pymupdf
import pytest

from portal.audit.rules import retention_rules
from portal.debits import commands
from portal.debits.queries import debit_out, snapshot_of_debit
from portal.debits.rules import Part, Terms, damage, late_parts
from portal.orders import commands as orders
from portal.orders.forms import ChangeForm
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.receipts import commands as receipts
from tests.harness.debits import LATE, accepted_debit, amended_by, late_order, notes_of, proposed_debit
from tests.harness.deliveries import events_of, received_goods
from tests.harness.jobs import run_jobs
from tests.harness.pages import Reader
from tests.harness.world import trading_pair

NOTES = "/api/v1/debit-notes"
DUE = "2027-03-10"
TEN_DAYS_LATE = datetime(2027, 3, 20, 12, tzinfo=UTC)


async def test_what_came_late_is_proposed_with_its_arithmetic_and_only_once(client_of, clock):
    company, supplier = await trading_pair()
    await clock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    order = await late_order(company, supplier, DUE)
    await clock(TEN_DAYS_LATE)
    await received_goods(company, order, "4")
    (note,) = await notes_of(company, order)
    assert await notes_of(company, order) == [note]
    payable = await client_of(company.payable)
    told = (await payable.get(f"{NOTES}/{note}")).json()
    assert (told["state"], told["number"], told["days"], told["periods"]) == ("proposed", "", 10, 8)
    assert (told["quantity"], told["value"], told["percent"], told["amount"]) == ("4", "40.00", "4", "1.60")
    assert (await (await client_of(supplier.billing)).get(f"{NOTES}/{note}")).status_code == 404
    assert "Late deliveries to decide on" in (await Reader(payable).open("/")).text


async def test_what_is_accepted_the_supplier_reads_and_what_is_waived_after_that_says_why(client_of):
    company, supplier = await trading_pair()
    note = await proposed_debit(company, supplier)
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    assert (await billing.post(f"{NOTES}/{note}/accept")).status_code == 403
    taken = (await payable.post(f"{NOTES}/{note}/accept")).json()
    assert (taken["state"], taken["number"][:3]) == ("accepted", "DN-")
    assert (await billing.get(f"{NOTES}/{note}")).json()["amount"] == taken["amount"]
    assert [each["id"] for each in (await billing.get(NOTES)).json()["items"]] == [str(note)]
    refused = await payable.post(f"{NOTES}/{note}/waive", json={})
    assert (refused.status_code, "Say why" in refused.json()["detail"]) == (409, True)
    waived = await payable.post(f"{NOTES}/{note}/waive", json={"reason": "Our own doing"})
    assert (await billing.get(f"{NOTES}/{note}")).json()["reason"] == "Our own doing"
    assert waived.json()["state"] == "waived"
    assert (await events_of(supplier.billing, note))[-2:] == ["debit-note.accepted", "debit-note.waived"]
    assert (await payable.post(f"{NOTES}/{note}/accept")).status_code == 409


async def test_a_claim_is_a_document_that_both_sides_have_and_a_proposal_is_none(client_of):
    company, supplier = await trading_pair()
    note = await proposed_debit(company, supplier)
    payable, billing = await client_of(company.payable), await client_of(supplier.billing)
    path = f"{NOTES}/{note}/document.pdf"
    early = await payable.get(path)
    assert (early.status_code, "Nothing is claimed" in early.json()["detail"]) == (409, True)
    claimed = (await payable.post(f"{NOTES}/{note}/accept")).json()
    assert (await billing.get(path)).status_code == 202
    await run_jobs("documents.render")
    ours, theirs = await payable.get(path), await billing.get(path)
    assert (ours.status_code, ours.content) == (200, theirs.content)
    with pymupdf.open(stream=ours.content) as paper:
        text = " ".join("".join(str(page.get_text()) for page in paper).split())
    assert claimed["number"] in text
    assert f"{claimed['amount']} {claimed['currency']}" in text.replace("\u00a0", " ")
    stranger = await client_of((await trading_pair())[1].billing)
    assert (await stranger.get(path)).status_code == 404
    assert 'id="document"' in (await Reader(billing).open(f"/debit-notes/{note}")).html

    await payable.post(f"{NOTES}/{note}/waive", json={"reason": "Our own doing"})
    assert (await billing.get(path)).status_code == 202
    await run_jobs("documents.render")
    assert (await billing.get(path)).content != ours.content


async def test_its_document_names_both_sides_as_they_were_when_it_was_accepted(superuser):
    company, supplier = await trading_pair()
    note = await proposed_debit(company, supplier)
    renamed = "update organisation set name = %s where id = %s"

    async def named() -> list[str]:
        async with viewing(supplier.billing) as view:
            said = await snapshot_of_debit(view, note)
        return [said["buyer"]["name"], said["supplier"]["name"]]

    superuser.execute(renamed, ["Moved on Ltd", supplier.id])
    await commands.accept(company.payable, note)
    assert (await named())[1] == "Moved on Ltd"
    before = await named()
    for party in (company, supplier):
        superuser.execute(renamed, ["Something else Ltd", party.id])
    assert await named() == before
    await commands.waive(company.payable, note, "Our own doing")
    assert await named() == before
    superuser.execute("delete from debit_note_parties where debit_note_id = %s", [note])
    assert "Something else Ltd" not in await named()  # one of the release before: as its order named them


def test_every_country_that_says_how_long_a_credit_note_is_kept_says_so_of_a_debit_note():
    rules = retention_rules()
    countries = {country for kind, country in rules if kind == "credit-note"}
    assert countries == {country for kind, country in rules if kind == "debit-note"}


async def test_a_receipt_that_was_a_mistake_proposes_nothing_any_more(client_of):
    company, supplier = await trading_pair()
    note = await proposed_debit(company, supplier)
    payable = await client_of(company.payable)
    told = (await payable.get(f"{NOTES}/{note}")).json()
    await receipts.reverse(company.receiver, told["receipt_id"], "The wrong order")
    refused = await payable.post(f"{NOTES}/{note}/accept")
    assert (refused.status_code, "was reversed" in refused.json()["detail"]) == (409, True)
    await commands.propose(Actor.system(company.id))
    assert (await payable.get(f"{NOTES}/{note}")).json()["state"] == "withdrawn"


async def test_within_the_free_days_and_without_a_contract_nothing_is_proposed(clock):
    company, supplier = await trading_pair()
    await clock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    in_time = await late_order(company, supplier, "2027-03-18")
    free = await late_order(company, supplier, DUE, late_rate=None, late_grace=0, late_cap=None)
    await clock(TEN_DAYS_LATE)
    for order in (in_time, free):
        await received_goods(company, order, "10")
        assert await notes_of(company, order) == []


async def test_what_an_amendment_says_of_delays_counts_for_what_comes_after_it(clock):
    company, supplier = await trading_pair()
    await clock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    order = await late_order(company, supplier, DUE, late_rate=None, late_grace=0, late_cap=None)
    await clock(TEN_DAYS_LATE)
    await received_goods(company, order, "4")
    await clock(TEN_DAYS_LATE + timedelta(hours=1))
    contract = await amended_by(company, supplier, order, LATE)
    await received_goods(company, order, "1", delivered_at=TEN_DAYS_LATE.isoformat())
    assert await notes_of(company, order) == [], "nobody had agreed on it when this came"
    await clock(TEN_DAYS_LATE + timedelta(days=1))
    await received_goods(company, order, "5")
    (note,) = await notes_of(company, order)
    async with viewing(company.payable) as view:
        told = await debit_out(view, note)
    assert (told.contract_id, told.quantity, told.days) == (contract.id, Decimal(5), 11)


async def test_a_proposal_that_is_waived_stays_inside(client_of):
    company, supplier = await trading_pair()
    note = await proposed_debit(company, supplier)
    await commands.waive(company.supplier_manager, note, "Our own doing")
    assert (await (await client_of(supplier.billing)).get(f"{NOTES}/{note}")).status_code == 404


async def test_a_day_that_the_buyer_moved_itself_counts(clock):
    company, supplier = await trading_pair()
    await clock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    order = await late_order(company, supplier, DUE)
    later = {"reason": "Plan", "lines": [{"line": 1, "code": "3", "requested_date": "2027-03-19"}]}
    await orders.propose(company.buyer, order.id, convert(ChangeForm, later))
    await clock(TEN_DAYS_LATE)
    await received_goods(company, order, "10")
    assert await notes_of(company, order) == []


async def test_list_page_and_contract_show_it(client_of):
    company, supplier = await trading_pair()
    note = await accepted_debit(company, supplier)
    payable = Reader(await client_of(company.payable))
    listed = await payable.open("/debit-notes")
    page = await payable.open(f"/debit-notes/{note}")
    assert "How it is reckoned" in page.text
    contract = await payable.open(page.links[next(text for text in page.links if text.startswith("CT-"))])
    assert "Late deliveries" in contract.text
    assert "DN-" in listed.text
    waived = await payable.send(page, "/waive", reason="Our own doing")
    assert "Waived: nothing is claimed" in waived.text
    assert (await (await client_of(company.auditor)).get("/debit-notes.csv")).status_code == 200
    receiver = await client_of(company.receiver)
    assert (await receiver.get(f"/debit-notes/{note}")).status_code == 403


def test_what_is_due_first_is_delivered_first():
    first, second, third = date(2027, 3, 1), date(2027, 3, 8), date(2027, 3, 20)
    schedule = [Part(second, Decimal(5)), Part(first, Decimal(3)), Part(third, Decimal(2))]
    late = late_parts(schedule, Decimal(2), Decimal(7), date(2027, 3, 9))
    assert late == [Part(first, Decimal(1)), Part(second, Decimal(5))]
    assert late_parts(schedule, Decimal(10), Decimal(4), date(2027, 4, 1)) == []


@pytest.mark.parametrize(
    ("per", "days", "percent", "amount"),
    [("day", 3, "0.5", "0.50"), ("day", 2, None, None), ("week", 3, "0.5", "0.50"), ("week", 10, "1.0", "1.00"),
     ("day", 99, "5", "5.00")],
)  # fmt: skip
def test_a_delay_costs_by_days_or_weeks_begun_up_to_its_limit(per, days, percent, amount):
    found = damage(Terms(Decimal("0.5"), per, 2, Decimal(5)), Decimal(100), days, "EUR")
    if percent is None:
        assert found is None
    else:
        assert found is not None
        assert (found.percent, found.amount) == (Decimal(percent), Decimal(amount))


async def test_the_database_shows_no_supplier_a_proposal_and_keeps_what_was_decided(superuser):
    company, supplier = await trading_pair()
    proposed, taken = await proposed_debit(company, supplier), await accepted_debit(company, supplier)
    for sql, of in (
        ("update debit_note set state = 'accepted', decided_at = now() where id = %s", proposed),
        ("update debit_note set shown_to = supplier_id where id = %s", proposed),
        ("update debit_note set number = 'DN-1' where id = %s", taken),
        ("update debit_note set amount = amount + 1 where id = %s", taken),
        ("update debit_note set state = 'waived' where id = %s", taken),
        ("update debit_note set state = 'proposed' where id = %s", taken),
    ):
        with pytest.raises(Exception, match=r"check|never changes|illegal|changes"), superuser.transaction():
            superuser.execute("select set_config('portal.organisation', %s, true)", [str(company.id)])
            superuser.execute(sql, [of])
