"""Somebody has to look: at files taken out in masses, guessed passwords, other rules, other bank accounts."""

import pytest

from portal.access.commands import set_security
from portal.access.forms import SecurityForm
from portal.alerts import commands, queries
from portal.alerts.rules import MOST_EXPORTS
from portal.audit.events import DataExported
from portal.banks.commands import tell_own
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Denied, Invalid
from portal.platform.work import viewing
from portal.platform.work.apart import keep, settled
from portal.platform.work.rows import Asked
from tests.harness.banks import OTHER_IBAN, approved_account, confirmed_account, offered_account, own_account, proved
from tests.harness.identity import signs_in, with_password
from tests.harness.jobs import run_jobs
from tests.harness.pages import Reader
from tests.harness.world import a_colleague, draft_order, trading_pair


async def alerts_of(company):
    async with viewing(company.administrator) as view:
        return (await queries.alerts(view)).rows


async def kinds_of(company):
    return [each.kind for each in await alerts_of(company)]


async def takes_out(person, *, files, size=1000):
    event = DataExported(person.person, "/orders/export.csv", "", "orders.csv", size)
    for _number in range(files):
        await keep(person, event, Asked(person.person, "/orders/export.csv"))


async def test_more_files_than_work_asks_for_are_an_alert_once(connected):
    company, _supplier = await trading_pair()
    await takes_out(company.buyer, files=MOST_EXPORTS)
    assert await kinds_of(company) == []
    await takes_out(company.buyer, files=3)
    [alert] = await alerts_of(company)
    assert (alert.kind, alert.person_name, alert.state) == ("mass-export", company.buyer.name, "open")


async def test_a_few_huge_files_are_an_alert_too(connected):
    company, _supplier = await trading_pair()
    await takes_out(company.buyer, files=2, size=30_000_000)
    assert await kinds_of(company) == ["mass-export"]


async def test_one_file_of_very_many_lines_is_an_alert(connected, client_of, monkeypatch):
    company, supplier = await trading_pair()
    for _number in range(4):
        await draft_order(company, supplier)
    client = await client_of(company.requester)
    assert (await client.get("/orders.csv")).status_code == 200
    assert await kinds_of(company) == []
    monkeypatch.setattr("portal.audit.noting.LARGE", 3)
    assert (await client.get("/orders.csv")).status_code == 200
    [alert] = await alerts_of(company)
    assert (alert.kind, alert.person_name) == ("mass-export", company.requester.name)


async def test_many_wrong_passwords_of_one_account_are_an_alert_that_names_whose(connected, anonymous, client_of):
    company, _supplier = await trading_pair()
    await with_password(company.buyer)
    for _number in range(10):
        await signs_in(anonymous, company.buyer, password="not the password of anybody")
    await settled()
    [alert] = await alerts_of(company)
    assert (alert.kind, alert.person_id, alert.person_name) == (
        "sign-in-spike",
        company.buyer.person,
        company.buyer.name,
    )
    reader = Reader(await client_of(company.administrator))
    page = await reader.open(f"/alerts/{alert.id}")
    assert page.links[company.buyer.name] == f"/people/{company.buyer.person}"
    assert "Record" not in page.text
    assert company.buyer.name in (await reader.open("/alerts")).text


async def test_an_alert_of_a_bank_account_says_what_it_is_about_and_opens_it_for_who_may(connected, client_of):
    company, supplier = await trading_pair()
    await approved_account(company, supplier)
    await offered_account(company, supplier, number=OTHER_IBAN, country="FR")
    await run_jobs("alerts.check-account")
    changed = next(each for each in await alerts_of(company) if each.kind == "bank-change")
    page = await Reader(await client_of(company.administrator)).open(f"/alerts/{changed.id}")
    assert f"About{supplier.name}" in page.text
    assert "RecordSupplier’s bank account" in page.text
    reader = Reader(await client_of(company.auditor))
    page = await reader.open(f"/alerts/{changed.id}")
    opened = await reader.open(page.links["Supplier’s bank account"])
    assert (opened.status, supplier.name in opened.text) == (200, True)


async def test_many_accounts_tried_from_one_address_are_an_alert_wherever_they_belong(connected, anonymous):
    company, _supplier = await trading_pair()
    other, _rival = await trading_pair()
    people = (company.buyer, company.payable, company.receiver, other.buyer, other.payable)
    await with_password(*people)
    for person in (*people, company.requester):
        await signs_in(anonymous, person, password="not the password of anybody")
    await settled()
    await with_password(company.approver)
    await signs_in(anonymous, company.approver, password="not the password of anybody")
    await settled()
    assert "address-spike" in await kinds_of(company)


@pytest.mark.parametrize("replaces", [True, False])
async def test_another_account_of_a_supplier_is_an_alert_on_both_sides(connected, clock, replaces):
    company, supplier = await trading_pair()
    first = await approved_account(company, supplier)
    await run_jobs("alerts.check-account")
    assert await alerts_of(company) == [], "the first is no change"
    replaced = {"supersedes": str(first.bank_account_id)} if replaces else {}
    await offered_account(company, supplier, number=OTHER_IBAN, country="FR", **replaced)
    await run_jobs("alerts.check-account")
    assert await kinds_of(supplier) == ["bank-change"]
    [alert] = await alerts_of(company)
    assert (alert.kind, alert.about) == ("bank-change", supplier.name)


async def test_an_account_that_two_suppliers_or_staff_share_is_an_alert(connected, client_of):
    from portal.organisations.commands import approve_supplier

    company, supplier = await trading_pair()
    _other, second = await trading_pair()
    await approve_supplier(company.supplier_manager, second.id)
    await confirmed_account(supplier)
    await confirmed_account(second)
    await run_jobs("alerts.check-account")
    assert sorted(await kinds_of(company)) == ["shared-account", "shared-account"]

    client = await client_of(company.auditor)
    shared = (await client.get("/api/v1/policy/conflicts")).json()["suppliers"]
    assert {each["supplier_name"]: each["people"] for each in shared} == {
        supplier.name: [second.name],
        second.name: [supplier.name],
    }

    await tell_own(proved(company.buyer), own_account())
    await run_jobs("alerts.check-shared")
    assert len(await kinds_of(company)) == 4
    [told] = [
        each for each in (await client.get("/api/v1/policy/conflicts")).json()["suppliers"]
        if each["supplier_name"] == supplier.name
    ]  # fmt: skip
    assert company.buyer.name in told["people"]
    assert told["trait"] == "DE •••• 3000"
    assert "DE •••• 3000" in (await client.get("/policy/conflicts")).text
    assert "DE •••• 3000" not in (await (await client_of(company.administrator)).get("/policy/conflicts")).text


async def test_a_release_with_other_rules_is_told_to_every_company_once(connected, superuser):
    company, _supplier = await trading_pair()
    superuser.execute(
        "insert into policy_load (digest, release, rules, added, removed) "
        "values (repeat('0', 64), '1', '{x}', '{x}', '{}'), (repeat('a', 64), '2', '{x,y}', '{y}', '{}')"
    )
    await commands.watch(Actor.system(company.id))
    await commands.watch(Actor.system(company.id))
    told = [each.about for each in await alerts_of(company)]
    superuser.execute("delete from policy_load where digest in (repeat('0', 64), repeat('a', 64))")
    assert told.count("a" * 12) == 1


async def test_other_rules_of_sign_in_are_an_alert_that_somebody_else_resolves(connected, inbox):
    company, _supplier = await trading_pair()
    second = await a_colleague(company, "administrator")
    await set_security(company.administrator, convert(SecurityForm, {"second_factor": "own", "session_hours": 10}))
    [alert] = await alerts_of(company)
    assert alert.kind == "policy-change"
    await run_jobs("messaging.notify", "messaging.send")
    for person in (company.administrator, second, company.auditor):
        assert [mail["Subject"] for mail in inbox.of(person)] == ["Alert: the rules of access changed"]
    assert inbox.of(company.buyer) == []

    with pytest.raises(Denied):
        await commands.resolve(company.administrator, alert.id, "It was I.")
    with pytest.raises(Denied):
        await commands.resolve(company.auditor, alert.id, "Fine")
    with pytest.raises(Invalid):
        await commands.resolve(second, alert.id, " ")
    await commands.take(second, alert.id)
    resolved = await commands.resolve(second, alert.id, "Agreed with the works council.")
    assert (resolved.state, resolved.looked_after_by) == ("resolved", second.person_id)


async def test_each_change_of_the_sign_in_is_an_alert_whether_or_not_the_one_before_is_open(connected, client_of):
    company, _supplier = await trading_pair()
    for hours in (10, 9):
        await set_security(
            company.administrator, convert(SecurityForm, {"second_factor": "own", "session_hours": hours})
        )
    assert await kinds_of(company) == ["policy-change"] * 2
    client = await client_of(company.administrator)
    for address in ("/alerts", f"/alerts/{(await alerts_of(company))[0].id}"):
        assert "When a second factor is asked for" in (await client.get(address)).text
    listed = (await (await client_of(company.auditor)).get("/audit/overrides")).text
    assert "When a second factor is asked for" in listed
