"""A run of an import, over HTTP and as the worker does it: a trial, in earnest, refused, without what is wrong."""

import pytest

from portal.operations.desk.commands.start import RUN
from portal.operations.desk.jobs import TIDY
from portal.platform.jobs import run
from tests.harness.jobs import waiting_jobs
from tests.harness.world import buying_company
from tests.operations.desk.nordwerk import API, BAD_LINES, BAD_SUPPLIERS, brought, kept_bytes, mapped, ran, workbook_of
from tests.operations.nordwerk import ITEMS, LINES, ORDERS, SUPPLIERS, bring, records, write


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
    assert imported["started_by"]["id"] == str(company.supplier_manager.person_id)


async def test_an_import_names_its_records_and_the_log_tells_each_step(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Artikel.csv", ITEMS))
    await mapped(client, made["id"], "items")
    done = await ran(client, made["id"], trial=False)

    [made_by] = await records(company, "select id, files from import_run")
    assert str(made_by["id"]) == made["id"]
    assert made_by["files"] == [{"name": "Artikel.csv", "sha256": done["files"][0]["sha256"]}]
    sources = await records(company, "select distinct source->>'run' as run from item")
    assert [row["run"] for row in sources] == [made["id"]]
    events = await records(
        company, f"select event, actor_kind from audit_entry where root_id = '{made['id']}' order by id"
    )
    assert [(row["event"].partition(".")[2], row["actor_kind"]) for row in events] == [
        ("opened", "person"),
        ("changed", "person"),
        ("changed", "person"),
        ("started", "person"),
        ("begun", "system"),
        ("completed", "system"),
        ("ended", "system"),
    ]


async def test_the_same_files_again_change_nothing_and_say_so(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    for expected in ("imported", "unchanged"):
        made = await brought(client, ("Artikel.csv", ITEMS))
        await mapped(client, made["id"], "items")
        done = await ran(client, made["id"], trial=False)
        assert done["state"] == expected
    assert done["counts"]["items"] == {"created": 0, "updated": 0, "unchanged": 2, "warnings": 0, "errors": 0}


async def test_errors_are_listed_with_row_column_value_and_reason_a_page_at_a_time(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Lieferanten.csv", BAD_SUPPLIERS))
    await mapped(client, made["id"], "suppliers")
    refused = await ran(client, made["id"], trial=False)
    assert (refused["state"], refused["errors"]) == ("refused", 2)
    assert await records(company, "select 1 from trading_relationship") == []

    first = (await client.get(f"{API}/{made['id']}/problems", params={"limit": 1})).json()
    second = (
        await client.get(f"{API}/{made['id']}/problems", params={"limit": 1, "cursor": first["next_cursor"]})
    ).json()
    found = [*first["items"], *second["items"]]
    assert [(each["file"], each["row"], each["column"], each["value"]) for each in found] == [
        ("Lieferanten.csv", 4, "Land", "XX"),
        ("Lieferanten.csv", 5, "Nr", ""),
    ]
    assert second["next_cursor"] is None
    table = (await client.get(f"{API}/{made['id']}/errors.csv")).text
    assert "Lieferanten.csv,4,Suppliers,Land,XX," in table
    assert {each["part"] for each in found} == {"suppliers"}
    assert refused["counts"]["suppliers"]["right"] == 2, "what the others would bring"
    unknown = await client.get(f"{API}/{made['id']}/problems", params={"severity": "fatal"})
    assert (unknown.status_code, unknown.json()["detail"]) == (400, "severity is one of these: error, warning.")


async def test_what_is_right_is_imported_without_the_rest_and_the_rest_comes_mended(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Lieferanten.csv", BAD_SUPPLIERS))
    await mapped(client, made["id"], "suppliers")
    rest = await ran(client, made["id"], trial=False, leave_out=True)
    assert (rest["state"], rest["left_out"], rest["errors"]) == ("imported", {"suppliers": 2}, 2)
    assert len(await records(company, "select 1 from trading_relationship")) == 2

    sheet = await workbook(client, made["id"])
    assert sheet["1 Lieferanten"] == [
        ["What is wrong", "Nr", "Name", "Land", "Ort"],
        [
            "Land: Enter a country as its ISO 3166 code of two letters, such as DE.",
            "70003",
            "Broken & Co",
            "XX",
            "Bonn",
        ],
        ["Nr: This must not be empty.", "", "Nameless", "DE", "Ulm"],
    ]


async def test_an_order_with_one_wrong_line_stays_out_as_a_whole(client_of):
    company = await buying_company()
    client = await client_of(company.administrator)
    for kind, name, text in (("suppliers", "Lieferanten.csv", SUPPLIERS), ("items", "Artikel.csv", ITEMS)):
        made = await brought(client, (name, text))
        await mapped(client, made["id"], kind)
        await ran(client, made["id"], trial=False)
    made = await brought(client, ("Bestellungen.csv", ORDERS), ("Positionen.csv", BAD_LINES))
    await mapped(client, made["id"], "orders")
    done = await ran(client, made["id"], trial=False, leave_out=True)

    assert (done["state"], done["left_out"]) == ("imported", {"orders": 1, "lines": 2})
    assert [row["number"] for row in await records(company, "select number from purchase_order")] == ["NW-2"]
    book = await workbook(client, made["id"])
    assert [row[1:3] for row in book["2 Positionen"][1:]] == [["1", "10"], ["1", "20"]]
    assert [row[1] for row in book["1 Bestellungen"][1:]] == ["1"]
    assert "This row is right. It belongs to a record with another row that is not." in {
        row[0] for sheet in book.values() for row in sheet
    }


async def test_nothing_is_left_out_when_nothing_would_be_left(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Lieferanten.csv", "Nr;Name;Land;Ort\n70003;Broken & Co;XX;Bonn\n"))
    await mapped(client, made["id"], "suppliers")
    done = await ran(client, made["id"], trial=False, leave_out=True)
    assert (done["state"], done["errors"], done["left_out"]) == ("refused", 1, {})


async def test_a_mapping_that_does_not_fit_fails_the_run_with_its_sentence(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Lieferanten.csv", SUPPLIERS))
    fields = '[suppliers.fields]\nnumber = "No"\nname = "Name"\ncountry = "Land"'
    await mapped(client, made["id"], "suppliers", f'name = "x"\n[suppliers]\nfile = "L*.csv"\n{fields}')
    done = await ran(client, made["id"])
    assert done["state"] == "failed"
    assert "Lieferanten.csv has no column No" in done["refusal"]


async def test_a_change_of_the_mapping_takes_back_what_a_trial_found(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Artikel.csv", ITEMS))
    await mapped(client, made["id"], "items")
    assert (await ran(client, made["id"]))["state"] == "tried"
    assert (await mapped(client, made["id"], "items"))["state"] == "draft"


@pytest.mark.parametrize("state", ["imported", "queued"])
async def test_an_import_that_is_over_or_under_way_is_not_started_again(client_of, state):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Artikel.csv", ITEMS))
    await mapped(client, made["id"], "items")
    if state == "imported":
        await ran(client, made["id"], trial=False)
    else:
        await client.post(f"{API}/{made['id']}/start")
    for act in ("start", "mapping"):
        method = "PUT" if act == "mapping" else "POST"
        answer = await client.request(method, f"{API}/{made['id']}/{act}", json={})
        assert answer.status_code == 409, answer.text
    assert (await client.delete(f"{API}/{made['id']}")).status_code == 409


async def test_an_import_without_files_cannot_run(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, kind="items")
    answer = await client.post(f"{API}/{made['id']}/start")
    assert (answer.status_code, "no file" in answer.json()["detail"]) == (409, True)


async def test_orders_of_the_past_are_for_administrators_alone(client_of):
    company = await buying_company()
    manager, administrator = await client_of(company.supplier_manager), await client_of(company.administrator)
    made = await brought(administrator, ("Bestellungen.csv", ORDERS), ("Positionen.csv", LINES))
    await mapped(administrator, made["id"], "orders")
    for answer in (
        await manager.post(f"{API}/{made['id']}/start"),
        await manager.post(API, json={"kind": "orders"}),
        await manager.put(f"{API}/{made['id']}/mapping", json={"kind": "orders"}),
    ):
        assert answer.status_code == 403
    assert [job for job in await waiting_jobs(RUN) if job["import_id"] == made["id"]] == []


async def test_a_discarded_import_stays_in_the_list_and_its_bytes_are_gone(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Artikel.csv", ITEMS))
    assert len(kept_bytes(company)) == 1
    assert (await client.delete(f"{API}/{made['id']}")).status_code == 204
    assert kept_bytes(company) == []
    [row] = (await client.get(API)).json()["items"]
    assert (row["state"], row["name"]) == ("discarded", "Artikel.csv")


async def test_bytes_are_forgotten_a_month_after_the_last_act_and_names_and_hashes_stay(client_of, superuser):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Artikel.csv", ITEMS))
    await mapped(client, made["id"], "items")
    await ran(client, made["id"], trial=True)
    await tidied(company)
    assert len(kept_bytes(company)) == 1
    superuser.execute("update file_import set ended_at = ended_at - interval '31 days' where id = %s", [made["id"]])
    await tidied(company)

    assert kept_bytes(company) == []
    [file] = (await client.get(f"{API}/{made['id']}")).json()["files"]
    assert file["forgotten_at"] is not None
    assert len(file["sha256"]) == 64


async def test_imports_of_the_command_line_stand_in_the_list_too(client_of, tmp_path):
    company = await buying_company()
    await bring(company, "items", write(tmp_path, Artikel=ITEMS))
    client = await client_of(company.auditor)
    [row] = (await client.get(API)).json()["items"]
    assert (row["via"], row["name"], row["counts"]["items"]["created"]) == ("command", "items: Artikel.csv", 2)
    shown = (await client.get(f"{API}/{row['id']}")).json()
    assert [file["name"] for file in shown["files"]] == ["Artikel.csv"]


async def workbook(client, import_id):
    """The rows to mend, sheet by sheet."""
    answer = await client.get(f"{API}/{import_id}/corrections.xlsx")
    assert answer.status_code == 200, answer.text
    return workbook_of(answer.content)


async def tidied(company):
    """What the scheduler has done every night."""
    await run(TIDY, organisation_id=str(company.id))
