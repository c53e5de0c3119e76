"""What a report tells: what the others would bring, rows passed over, which sort of record; and until when it holds."""

from portal.operations.desk.words import FIELDS
from portal.operations.imports.kinds import PARTS
from tests.harness.pages import Reader
from tests.harness.world import buying_company
from tests.operations.desk.nordwerk import API, BAD_SUPPLIERS, brought, mapped, ran
from tests.operations.nordwerk import ITEMS, MAPPING


async def test_a_result_holds_until_the_mapping_is_changed(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Lieferanten.csv", BAD_SUPPLIERS))
    await mapped(client, made["id"], "suppliers")
    assert (await ran(client, made["id"], trial=True))["errors"] == 2
    changed = await mapped(client, made["id"], "suppliers", MAPPING.replace('default = "DE"', 'default = "AT"'))
    assert (changed["state"], changed["counts"], changed["errors"]) == ("draft", {}, 0)
    assert [file["purpose"] for file in changed["files"]] == ["given"]
    assert (await client.get(f"{API}/{made['id']}/problems")).json()["items"] == []
    assert "What would come of it" not in (await Reader(client).open(f"/imports/{made['id']}")).text


async def test_headers_and_records_that_come_again_are_counted(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    header, first, second = ITEMS.splitlines()
    text = "\n".join((header, first, header, second, first, first))
    made = await brought(client, ("Artikel.csv", text))
    await mapped(client, made["id"], "items", MAPPING.replace("[items]", '[items]\nrepeated = "first"'))
    done = await ran(client, made["id"], trial=False)
    assert done["counts"]["items"]["created"] == 2
    assert {*done["treated"]} == {
        "1 × the header once more in Artikel.csv: row left out",
        "2 × a further row of the same record in Artikel.csv: put together with the first",
    }
    assert '<a href="/items">Items</a>' in (await client.get(f"/imports/{made['id']}")).text


async def test_what_stays_out_stands_in_the_table_of_what_came(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Lieferanten.csv", BAD_SUPPLIERS))
    await mapped(client, made["id"], "suppliers")
    await ran(client, made["id"], trial=True)
    page = (await client.get(f"/imports/{made['id']}")).text
    assert "Would come without the wrong rows" in page
    await ran(client, made["id"], trial=False, leave_out=True)
    assert "Rows left out" in (await client.get(f"/imports/{made['id']}")).text


def test_every_field_has_a_name():
    assert {name for part in PARTS.values() for name in part.fields} - FIELDS.keys() == set()
