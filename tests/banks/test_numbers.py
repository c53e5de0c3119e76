"""The number of an account: sealed at rest, shown to who owns it or pays to it, and each look at it in the log."""

import hashlib

import psycopg
import pytest
from psycopg.sql import SQL

from portal.banks import commands
from portal.banks.commands.numbers import fingerprint_of
from portal.platform.refusals import Denied
from portal.platform.settings import override, settings
from portal.platform.work import changing
from tests.harness.banks import IBAN, OTHER_IBAN, approved_account, confirmed_account, offered_account, proved
from tests.harness.world import trading_pair


async def test_who_owns_it_and_who_pays_to_it_see_it_whole_and_the_log_says_so(connected, superuser):
    company, supplier = await trading_pair()
    approval = await offered_account(company, supplier)

    own = await commands.reveal_own(proved(supplier.billing), approval.bank_account_id)
    payable = await commands.reveal_payable(proved(company.payable), approval.id)
    checker = await commands.reveal_payable(proved(company.approver), approval.id)

    assert (own.number, payable.number, checker.number) == (IBAN, IBAN, IBAN)
    sql = "select event, actor_id from audit_entry where event like %s and subject_id = any(%s) order by id"
    assert superuser.execute(sql, ["%.revealed", [approval.id, approval.bank_account_id]]).fetchall() == [
        ("bank-account.revealed", supplier.billing.person_id),
        ("bank-approval.revealed", company.payable.person_id),
        ("bank-approval.revealed", company.approver.person_id),
    ]


@pytest.mark.parametrize("role", ["supplier_manager", "auditor", "buyer", "administrator"])
async def test_nobody_else_sees_it_whole(connected, role):
    company, supplier = await trading_pair()
    approval = await offered_account(company, supplier)
    with pytest.raises(Denied):
        await commands.reveal_payable(proved(company.people[role]), approval.id)


async def test_no_table_no_entry_of_the_log_and_no_job_says_a_number(connected, superuser):
    company, supplier = await trading_pair()
    await approved_account(company, supplier)
    await commands.reveal_payable(proved(company.payable), (await offered_account(
        company, supplier, number=OTHER_IBAN, country="FR")).id)  # fmt: skip
    tables = superuser.execute(
        "select c.oid::regclass::text from pg_class c where relkind = 'r' "
        "and relnamespace in ('public'::regnamespace, 'dramatiq'::regnamespace)"
    ).fetchall()
    said = [
        table
        for (table,) in tables
        for number in (IBAN, OTHER_IBAN)
        if superuser.execute(
            SQL("select exists (select from {} t where t::text like %s)").format(SQL(table)),
            [f"%{number[6:-4]}%"],
        ).fetchone()
        == (True,)
    ]
    assert said == []


async def test_a_ring_that_turns_seals_numbers_anew_and_fingerprints_stay(turned, superuser):
    company, supplier = await trading_pair()
    account = await confirmed_account(supplier)
    before = stored(superuser, account)

    fresh, _done = await turned()

    with override(secret_keys=(fresh,)):
        assert (await commands.reveal_own(proved(supplier.billing), account.id)).number == IBAN
        async with changing(company.payable) as change:
            again = await fingerprint_of(change, "DE", "DE89 3704 0044 0532 0130 00", "")
    after = stored(superuser, account)
    assert after[0] != before[0]
    assert after[1] == before[1] == again


def stored(superuser, account):
    sql = "select sealed, fingerprint from bank_account_number where bank_account_id = %s"
    found = superuser.execute(sql, [account.id]).fetchone()
    assert found is not None
    return bytes(found[0]), bytes(found[1])


async def test_a_fingerprint_tells_nothing_without_its_key(connected, superuser):
    _company, supplier = await trading_pair()
    account = await confirmed_account(supplier)
    assert stored(superuser, account)[1] != hashlib.sha256(IBAN.encode()).digest()
    with (
        psycopg.connect(str(settings().database_url), autocommit=True) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        application.execute("select * from fingerprint_key")
