"""Where a supplier is paid: two people make a version, two people of each buyer approve it, and then it cools off."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from portal.access.guards import ProofNeeded
from portal.audit.commands import erase_person
from portal.banks import commands
from portal.banks.commands import offer_missing
from portal.banks.forms import CoolOffProposal
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied, NotFound
from portal.platform.states import WrongState
from portal.platform.work import viewing
from portal.settings.commands import approve as approve_setting
from tests.harness.banks import (
    CALLED,
    OTHER_IBAN,
    account_form,
    approval_of,
    approved_account,
    confirmed_account,
    entered_account,
    offered_account,
    own_account,
    payable_account,
    proposed_account,
    proved,
)
from tests.harness.world import a_colleague, buying_company, trading_pair


def events_of(superuser, subject):
    sql = "select event, actor_id from audit_entry where subject_id = %s order by id"
    return superuser.execute(sql, [subject]).fetchall()


async def test_a_version_counts_once_a_colleague_confirmed_it(connected, superuser):
    company, supplier = await trading_pair()
    account = await entered_account(supplier)
    with pytest.raises(Denied, match="You created"):
        await commands.confirm(proved(supplier.billing), account.id)

    confirmed = await commands.confirm(proved(supplier.administrator), account.id)

    assert (account.state, confirmed.state) == ("proposed", "confirmed")
    assert (await approval_of(company, account)).state == "offered"
    assert events_of(superuser, account.id) == [
        ("bank-account.entered", supplier.billing.person_id),
        ("bank-account.confirmed", supplier.administrator.person_id),
    ]


@pytest.mark.parametrize("role", ["order_desk", "shipping", "auditor"])
async def test_only_billing_and_administrators_of_the_supplier_enter_accounts(connected, role):
    _company, supplier = await trading_pair()
    with pytest.raises(Denied):
        await commands.enter(proved(supplier.people[role]), account_form())


async def test_every_step_takes_a_second_factor(connected):
    company, supplier = await trading_pair()
    with pytest.raises(ProofNeeded):
        await commands.enter(supplier.billing, account_form())
    account = await entered_account(supplier)
    with pytest.raises(ProofNeeded):
        await commands.confirm(supplier.administrator, account.id)
    approval = await approval_of(company, await confirmed_account(supplier, number=OTHER_IBAN, country="FR"))
    with pytest.raises(ProofNeeded):
        await commands.reveal_payable(company.payable, approval.id)
    with pytest.raises(ProofNeeded):
        await commands.reveal_own(supplier.billing, account.id)
    proposed = await proposed_account(company, supplier, number="GB33BUKB20201555555555", country="GB", bic=None)
    with pytest.raises(ProofNeeded):
        await commands.approve(company.approver, proposed.id)


async def test_two_people_of_the_buyer_approve_it_and_then_it_cools_off(connected, superuser, clock):
    company, supplier = await trading_pair()
    approval = await proposed_account(company, supplier)
    with pytest.raises(Denied):
        await commands.approve(proved(company.supplier_manager), approval.id)

    approved = await commands.approve(proved(company.approver), approval.id)

    assert approved.state == "approved"
    assert approved.payable_from == approved.decided_at + timedelta(days=5)
    sealed = superuser.execute(
        "select body ->> 'call_back' from audit_entry e, jsonb_array_elements(e.body::jsonb -> 'rows') r "
        "where e.subject_id = %s and e.body::text like %s",
        [approval.id, f"%{CALLED}%"],
    ).fetchall()
    assert sealed == []


async def test_who_called_back_never_approves_whatever_their_roles(connected):
    company, supplier = await trading_pair()
    both = await a_colleague(company, "payable", "approver", "supplier_manager")
    approval = await offered_account(company, supplier)
    from tests.harness.banks import CallBackForm, convert

    await commands.propose(proved(both), approval.id, convert(CallBackForm, {"call_back": CALLED}))
    with pytest.raises(Denied):
        await commands.approve(proved(both), approval.id)


async def test_the_database_itself_wants_two_people_and_a_call_back(connected, superuser):
    company, supplier = await trading_pair()
    approval = await offered_account(company, supplier)
    direct = "update bank_approval set state = 'proposed', submitted_by = %s, call_back = '' where id = %s"
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute(direct, [company.payable.person_id, approval.id])


async def test_a_change_of_account_pays_the_old_one_until_the_new_one_has_cooled_off(connected, clock):
    company, supplier = await trading_pair()
    first = await payable_account(company, supplier, clock)
    second = await approved_account(
        company, supplier, number=OTHER_IBAN, country="FR", supersedes=str(first.bank_account_id)
    )
    before = await approval_of(company, await account(supplier, first))
    assert before.payable_until == second.payable_from
    assert (await account(supplier, first)).state == "superseded"

    await commands.revoke(company.payable, second.id, "The call was not from them.")

    assert (await approval_of(company, await account(supplier, first))).payable_until is None


async def test_a_version_that_a_buyer_never_approved_leaves_no_older_one_behind(connected, clock):
    company, supplier = await trading_pair()
    first = await payable_account(company, supplier, clock)
    second = await confirmed_account(supplier, number=OTHER_IBAN, country="FR", supersedes=str(first.bank_account_id))
    third = await approved_account(company, supplier, holder="Bolt AG", supersedes=str(second.id))
    assert (await approval_of(company, second)).state == "ended"
    before = await approval_of(company, await account(supplier, first))
    assert before.payable_until == third.payable_from


async def test_of_many_who_approve_at_once_one_wins(connected):
    company, supplier = await trading_pair()
    approval = await proposed_account(company, supplier)
    checkers = [proved(company.approver), proved(company.payable)] * 5
    tried = await asyncio.gather(
        *(commands.approve(checker, approval.id) for checker in checkers), return_exceptions=True
    )
    assert len([each for each in tried if not isinstance(each, BaseException)]) == 1
    assert {type(each) for each in tried if isinstance(each, BaseException)} == {WrongState}


async def test_two_people_set_how_long_an_account_cools_off(connected):
    company, supplier = await trading_pair()
    form = convert(CoolOffProposal, {"days": "9", "reason": "Our insurer asks for it."}, lenient=True)
    with pytest.raises(Denied):
        await commands.propose_cool_off(company.approver, form)
    proposal = await commands.propose_cool_off(company.payable, form)
    assert (await approved_account(company, supplier)).payable_from < datetime.now(UTC) + timedelta(days=6)
    await approve_setting(company.approver, proposal.id)
    later = await approved_account(company, supplier, number=OTHER_IBAN, country="FR")
    assert later.payable_from > datetime.now(UTC) + timedelta(days=8)


async def test_what_was_told_of_ones_own_account_goes_with_the_person(connected, superuser):
    from portal.access.commands import remove_member

    company, _supplier = await trading_pair()
    await commands.tell_own(proved(company.receiver), own_account())
    kept = "select last_four from staff_account where person_id = %s"
    assert superuser.execute(kept, [company.receiver.person_id]).fetchall() == [("3000",)]
    await remove_member(company.administrator, company.receiver.person)
    await erase_person(Actor.system(company.id), company.receiver.person, "Asked for it")
    assert superuser.execute(kept, [company.receiver.person_id]).fetchall() == []


async def account(supplier, approval):
    from portal.banks.queries import account_row

    async with viewing(supplier.billing) as view:
        return await account_row(view, approval.bank_account_id)


async def test_ending_an_account_ends_it_at_every_buyer_at_once(connected, superuser):
    company, supplier = await trading_pair()
    approval = await approved_account(company, supplier)
    await commands.end(supplier.billing, approval.bank_account_id, "Closed")
    ended = await approval_of(company, await account(supplier, approval))
    assert (ended.state, ended.reason) == ("ended", "Closed")
    with pytest.raises(Conflict):
        await commands.revoke(company.payable, approval.id, "no")


async def test_a_declined_account_is_not_offered_and_a_withdrawn_one_neither(connected, superuser):
    _company, supplier = await trading_pair()
    refused = await entered_account(supplier)
    assert (await commands.decline(supplier.administrator, refused.id, "Not ours")).state == "declined"
    taken = await entered_account(supplier)
    assert (await commands.withdraw(supplier.billing, taken.id, "A slip")).state == "withdrawn"
    found = superuser.execute("select count(*) from bank_approval where supplier_id = %s", [supplier.id]).fetchone()
    assert found == (0,)


async def test_the_same_account_is_not_entered_twice(connected):
    _company, supplier = await trading_pair()
    await entered_account(supplier)
    with pytest.raises(Conflict, match="entered already"):
        await entered_account(supplier, number="DE89 3704 0044 0532 0130 00")


async def test_one_version_at_a_time_waits_behind_another(connected):
    _company, supplier = await trading_pair()
    first = await confirmed_account(supplier)
    await entered_account(supplier, number=OTHER_IBAN, country="FR", supersedes=str(first.id))
    with pytest.raises(Conflict, match="waits for a colleague"):
        await entered_account(supplier, holder="Bolt AG", supersedes=str(first.id))


async def test_a_new_customer_is_told_where_the_supplier_is_paid(connected):
    from portal.organisations.commands import approve_supplier

    _company, supplier = await trading_pair()
    told = await confirmed_account(supplier)
    newcomer = await buying_company()
    await approve_supplier(newcomer.supplier_manager, supplier.id)
    assert await offer_missing(Actor.system(supplier.id)) == 1
    assert await offer_missing(Actor.system(supplier.id)) == 0
    assert (await approval_of(newcomer, told)).state == "offered"


async def test_a_buyer_never_decides_as_the_supplier_nor_the_supplier_as_the_buyer(connected):
    company, supplier = await trading_pair()
    approval = await offered_account(company, supplier)
    both = {"organisation_kind": "both"}
    import msgspec

    with pytest.raises((NotFound, Denied)):
        await commands.end(msgspec.structs.replace(company.administrator, **both), approval.bank_account_id, "x")
    with pytest.raises((NotFound, Denied)):
        payer = msgspec.structs.replace(supplier.billing, roles=frozenset({"payable", "anyone"}), **both)
        await commands.refuse(proved(payer), approval.id, "x")


async def test_a_stranger_sees_no_account_and_no_number(connected, superuser):
    company, supplier = await trading_pair()
    await approved_account(company, supplier)
    other, rival = await trading_pair()
    for stranger in (other.payable, rival.billing):
        async with viewing(stranger) as view:
            for table in ("bank_account", "bank_approval", "bank_account_number"):
                assert await view.value(f"select count(*) from {table}") == 0


async def test_the_cool_off_begins_anew_after_a_stop(connected, clock):
    from tests.harness.banks import CallBackForm, convert

    company, supplier = await trading_pair()
    approval = await payable_account(company, supplier, clock)
    await commands.revoke(company.payable, approval.id, "Doubts")
    await commands.propose(
        proved(company.supplier_manager), approval.id, convert(CallBackForm, {"call_back": "Called again."})
    )
    again = await commands.approve(proved(company.approver), approval.id)
    assert again.payable_from is not None
    assert again.payable_from > datetime.now(UTC) + timedelta(days=4)
