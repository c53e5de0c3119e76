"""The gate's functions and the keys of people, tried as the application's own role in another organisation's name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest

from portal.access.commands import admit, remove_member
from portal.access.forms import Admission
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.settings import settings
from tests.harness.credits import a_rate
from tests.harness.world import buying_company, trading_pair

As = Callable[..., Any]
HASH = "$argon2id$forged"


@contextmanager
def acting(organisation: UUID, person: UUID | None = None) -> Iterator[Callable[..., Any]]:
    """`ask(sql, …)`: the first column of what the application's role is told in this context."""
    with psycopg.connect(str(settings().database_url)) as connection:
        for name, value in (("organisation", organisation), ("person", person or "")):
            connection.execute("select set_config(%s, %s, true)", [f"portal.{name}", str(value)])
        yield lambda sql, *values: [row[0] for row in connection.execute(sql, values).fetchall()]
        connection.rollback()


async def test_a_persons_key_is_for_the_organisations_they_belong_to(connected):
    company, stranger = await buying_company(), await buying_company()
    read = "select person_id from person_key where person_id = %s"
    person = company.buyer.person
    with acting(company.id, company.auditor.person) as ask:
        assert ask(read, person) == [person]
    with acting(stranger.id, stranger.auditor.person) as ask:
        assert ask(read, person) == []
        assert ask("select count(*) from person_key") == [8]


async def test_nobody_deletes_a_key_but_by_the_gate_and_only_of_who_works_for_nobody(connected):
    first, second = await buying_company(), await buying_company()
    person = first.buyer.person
    form = convert(Admission, {"email": first.buyer.email, "roles": ["buyer"]})
    await admit(Actor.system(second.id), form)
    destroy = "select portal.destroy_person_key(%s)"
    with acting(first.id) as ask, pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask("delete from person_key where person_id = %s returning 1", person)
    await remove_member(Actor.system(first.id), person)
    with acting(first.id) as ask:
        assert ask(destroy, person) == [False]
    await remove_member(Actor.system(second.id), person)
    with acting(first.id, first.administrator.person) as ask:
        assert ask(destroy, person) == [False]
    with acting(first.id) as ask:
        assert ask(destroy, person) == [True]


async def test_only_a_person_or_the_operator_sets_a_password(connected):
    company, stranger = await buying_company(), await buying_company()
    person = company.buyer.person
    cases = (
        (company.id, company.administrator.person, False),
        (stranger.id, stranger.administrator.person, False),
        (stranger.id, None, False),
        (company.id, person, True),
        (company.id, None, True),
    )
    for organisation, who, is_set in cases:
        with acting(organisation, who) as ask:
            assert ask("select portal.set_password(%s, %s)", person, HASH) == [is_set]


async def test_a_colleague_cannot_rename_a_person_or_change_their_address(connected):
    company = await buying_company()
    change = "update person set email = 'mine@example.test' where id = %s returning 1"
    with acting(company.id, company.administrator.person) as ask:
        assert ask(change, company.buyer.person) == []


async def test_names_are_told_from_the_moment_that_both_sides_know_of_each_other(connected, superuser):
    company, supplier = await trading_pair()
    hidden = "update trading_relationship set shown_to = null where buyer_id = %s"
    ask_names = "select full_name from portal.names(array[%s::uuid])"
    with acting(supplier.id, supplier.order_desk.person) as ask:
        assert ask(ask_names, company.buyer.person) == [company.buyer.name]
    superuser.execute(hidden, [company.id])
    for here, there in ((supplier.order_desk, company.buyer), (company.buyer, supplier.order_desk)):
        with acting(here.organisation_id, here.person) as ask:
            assert ask(ask_names, there.person) == []
            assert ask(ask_names, here.person) == [here.name]


async def test_only_the_operator_asks_who_has_an_address(connected):
    company, stranger = await buying_company(), await buying_company()
    asked = "select portal.person_with_email(%s)"
    with acting(stranger.id, stranger.administrator.person) as ask:
        assert ask(asked, company.buyer.email) == [None]
    with acting(stranger.id) as ask:
        assert ask(asked, company.buyer.email) == [company.buyer.person]


async def test_a_rate_of_exchange_is_told_to_its_organisation_and_its_partners_alone(connected):
    company, supplier = await trading_pair()
    stranger = await buying_company()
    await a_rate(company.payable, "USD", "0.92")
    asked = "select rate from portal.rate_of(%s, 'USD', '2026-03-01')"
    for organisation, told in ((company.id, 1), (supplier.id, 1), (stranger.id, 0)):
        with acting(organisation) as ask:
            assert len(ask(asked, company.id)) == told
            assert len(ask("select rate from exchange_rate")) == (organisation == company.id)
