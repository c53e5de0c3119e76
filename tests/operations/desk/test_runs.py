"""An import at the desk, over HTTP: brought, mapped, tried, imported."""

from tests.harness.world import buying_company
from tests.operations.desk.nordwerk import API, BAD_SUPPLIERS, brought, mapped, ran
from tests.operations.nordwerk import SUPPLIERS, records


async def test_files_are_brought_mapped_tried_and_imported(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Lieferanten.csv", SUPPLIERS))
    assert (made["kind"], made["state"]) == ("suppliers", "draft")
    await mapped(client, made["id"], "suppliers")

    tried = await ran(client, made["id"], trial=True)
    assert tried["state"] == "tried"
    assert tried["counts"]["suppliers"]["created"] == 2
    assert await records(company, "select 1 from trading_relationship") == []

    imported = await ran(client, made["id"], trial=False)
    assert imported["state"] == "imported"
    names = await records(company, "select supplier_name from trading_relationship order by supplier_number")
    assert [row["supplier_name"] for row in names] == ["Müller & Söhne", "Åkesson AB"]
    [run] = await records(company, "select id from import_run")
    assert str(run["id"]) == made["id"]


async def test_errors_are_listed_and_given_back_as_rows_to_mend(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Lieferanten.csv", BAD_SUPPLIERS))
    await mapped(client, made["id"], "suppliers")
    refused = await ran(client, made["id"], trial=True)
    assert (refused["state"], refused["errors"]) == ("refused", 2)
    found = (await client.get(f"{API}/{made['id']}/problems")).json()["items"]
    assert [(problem["row"], problem["column"], problem["value"]) for problem in found] == [
        (4, "Land", "XX"),
        (5, "Nr", ""),
    ]
    table = (await client.get(f"{API}/{made['id']}/errors.csv")).text
    assert "Lieferanten.csv,4,Land,XX," in table
    workbook = await client.get(f"{API}/{made['id']}/corrections.xlsx")
    assert workbook.content.startswith(b"PK")

    rest = await ran(client, made["id"], trial=False, leave_out=True)
    assert rest["state"] == "imported"
    assert rest["left_out"] == {"suppliers": 2}
    assert rest["errors"] == 2
