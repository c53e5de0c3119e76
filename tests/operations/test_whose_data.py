"""Whose data a supplier's are: the buyer's that imported it, until it has people of its own or another customer."""

import psycopg
import pytest

from portal.access.commands import add_member
from portal.access.tables import Person
from portal.organisations.commands import approve_supplier
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from tests.harness.world import an_item, buying_company, trading_pair
from tests.operations.nordwerk import ITEMS, MAPPING, SUPPLIERS, bring, records, write
from tests.promises.test_gates import acting

RENAMED = SUPPLIERS.replace("Müller & Söhne", "Somebody Else GmbH").replace("Köln", "Bonn")
LEGAL = "select name, address->>'city' as city, version from organisation where id = '{id}'"
TERMS = MAPPING.replace('city = "Ort"', 'city = "Ort"\npayment_days = { constant = "14" }')


async def hosted(company, tmp_path):
    """A supplier that came by an import; gives its id."""
    await bring(company, "suppliers", write(tmp_path, Lieferanten=SUPPLIERS))
    [row] = await records(company, "select supplier_id from trading_relationship where supplier_number = '70001'")
    return row["supplier_id"]


async def signs_in(supplier_id):
    person = Person(id=new_id(), full_name="Own Person", email=f"own.{new_id().hex[-12:]}@example.test")
    await add_member(Actor.system(supplier_id), person, ("order_desk",))


async def gains_a_customer(supplier_id):
    await approve_supplier((await buying_company()).supplier_manager, supplier_id)


async def test_a_buyer_keeps_the_data_of_a_supplier_that_nobody_else_works_with(connected, tmp_path):
    company = await buying_company()
    supplier = await hosted(company, tmp_path)
    report = await bring(company, "suppliers", write(tmp_path, Lieferanten=RENAMED))
    assert (report.kinds["suppliers"]["updated"], report.warnings) == (1, [])
    assert await records(company, LEGAL.format(id=supplier)) == [
        {"name": "Somebody Else GmbH", "city": "Bonn", "version": 2}
    ]


@pytest.mark.parametrize("grows", [signs_in, gains_a_customer])
async def test_a_supplier_that_stands_by_itself_cannot_be_renamed_by_a_former_host(connected, tmp_path, grows):
    company = await buying_company()
    supplier = await hosted(company, tmp_path)
    await grows(supplier)
    report = await bring(company, "suppliers", write(tmp_path, Lieferanten=RENAMED))
    assert report.kinds["suppliers"] == {"created": 0, "updated": 0, "unchanged": 2, "warnings": 1, "errors": 0}
    assert [(w.row, w.value, str(w.reason).split("Not taken over: ")[1]) for w in report.warnings] == [
        (2, "70001", "name, address.")
    ]
    assert await records(company, LEGAL.format(id=supplier)) == [
        {"name": "Müller & Söhne", "city": "Köln", "version": 1}
    ]
    own = "select supplier_name from trading_relationship where supplier_number = '70001'"
    assert await records(company, own) == [{"supplier_name": "Müller & Söhne"}]


async def test_what_was_agreed_with_such_a_supplier_still_comes_from_the_file(connected, tmp_path):
    company = await buying_company()
    await signs_in(await hosted(company, tmp_path))
    report = await bring(company, "suppliers", write(tmp_path, Lieferanten=RENAMED), by=TERMS)
    assert (report.kinds["suppliers"]["updated"], report.kinds["suppliers"]["warnings"]) == (2, 1)
    found = await records(company, "select supplier_name, payment_days from trading_relationship order by 1")
    assert [tuple(row.values()) for row in found] == [("Müller & Söhne", 14), ("Åkesson AB", 14)]


@pytest.mark.parametrize("grows", [signs_in, gains_a_customer])
async def test_the_database_itself_ends_the_hosts_right(connected, tmp_path, grows):
    company = await buying_company()
    supplier = await hosted(company, tmp_path)
    change = "update organisation set vat_number = 'DE1' where id = %s returning 1"
    with acting(company.id) as ask:
        assert ask(change, supplier) == [1]
    await grows(supplier)
    with acting(company.id) as ask:
        assert ask(change, supplier) == []
        assert ask("select 1 from organisation where id = %s", supplier) == [1]
    with acting(supplier) as ask:
        assert ask(change, supplier) == [1]
    with acting(company.id) as ask, pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(
            "insert into organisation (id, name, kind, country, currency) values (%s, 'X', 'supplier', 'DE', 'EUR') "
            "returning 1",
            new_id(),
        )


async def test_what_people_entered_stays_and_the_report_says_so(connected, tmp_path):
    company, supplier = await trading_pair(supplier_number="70001", payment_days=60)
    item = await an_item(company)
    report = await bring(company, "suppliers", write(tmp_path, Lieferanten=SUPPLIERS), by=TERMS)
    assert report.kinds["suppliers"] == {"created": 1, "updated": 0, "unchanged": 1, "warnings": 1, "errors": 0}
    assert [(w.row, w.value) for w in report.warnings] == [(2, "70001")]
    assert "People entered this in the portal itself" in str(report.warnings[0].reason)
    kept = await records(company, "select supplier_name, payment_days from trading_relationship where source is null")
    assert [tuple(row.values()) for row in kept] == [(supplier.name, 60)]

    report = await bring(company, "items", write(tmp_path, Artikel=ITEMS.replace("A-1", item.number)))
    assert (report.kinds["items"]["created"], report.kinds["items"]["unchanged"]) == (1, 1)
    assert await records(company, f"select name from item where id = '{item.id}'") == [{"name": item.name}]
