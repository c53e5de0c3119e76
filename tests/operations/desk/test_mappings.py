"""Mappings kept under names: versions, who and when, other names, their end, and their files."""

import asyncio

from portal.operations.imports.mapping import decode
from tests.harness.pages import Reader
from tests.harness.world import a_colleague, buying_company
from tests.operations.desk.nordwerk import API, brought, mapped, ran, sent
from tests.operations.nordwerk import ITEMS, MAPPING, mapping, records

KEPT = "/api/v1/import-mappings"


async def kept(client, name="Nordwerk", text=MAPPING):
    answer = await client.post(KEPT, json={"name": name, "mapping": text})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_mapping_of_a_known_name_becomes_its_next_version(client_of):
    company = await buying_company()
    first, second = await client_of(company.supplier_manager), await client_of(company.administrator)
    made = await kept(first)
    assert (made["latest"], made["saved_by"]["name"]) == (1, company.supplier_manager.name)
    assert (await kept(first))["latest"] == 1  # it says the same
    changed = await kept(second, text=MAPPING.replace('constant = "19"', 'constant = "7"'))
    assert (changed["id"], changed["latest"]) == (made["id"], 2)
    assert changed["saved_by"]["name"] == company.administrator.name

    for number, rate in ((None, "7"), (1, "19"), (2, "7")):
        asked = {"version": number} if number else {}
        file = await first.get(f"{KEPT}/{made['id']}/mapping.toml", params=asked)
        assert file.headers["content-disposition"].startswith('attachment; filename="Nordwerk.toml"')
        fields = decode(file.content).items
        assert fields is not None
        assert fields.plans()["tax_rate"].constant == rate
    assert (await first.get(f"{KEPT}/{made['id']}/mapping.toml", params={"version": 3})).status_code == 404


async def test_what_is_exported_says_what_was_kept(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    made = await kept(client)
    assert decode((await client.get(f"{KEPT}/{made['id']}/mapping.toml")).content) == mapping()


async def test_two_who_save_one_name_at_once_make_two_versions_of_one_mapping(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    texts = [MAPPING.replace('constant = "19"', f'constant = "{rate}"') for rate in (5, 6, 7, 8)]
    made = await asyncio.gather(*(kept(client, text=text) for text in texts))
    assert len({each["id"] for each in made}) == 1
    [only] = (await client.get(KEPT)).json()["items"]
    assert only["latest"] == 4


async def test_a_kept_mapping_is_chosen_for_the_files_of_the_next_month(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await kept(client)
    text = ITEMS.replace("\n", "\r\n")
    opened = await brought(client, ("Material 2027-02.csv", text))
    chosen = await client.put(f"{API}/{opened['id']}/mapping", json={"kind": "items", "mapping_id": made["id"]})
    assert chosen.json()["mapping"] == {"name": "Nordwerk", "number": 1}
    done = await ran(client, opened["id"], trial=False)
    assert done["state"] == "imported", done
    assert {row["unit"] for row in await records(company, "select unit from item")} == {"H87", "KGM"}


async def test_a_kept_mapping_of_several_kinds_brings_all_of_them_unless_one_is_named(client_of):
    company = await buying_company()
    client = await client_of(company.administrator)
    made = await kept(client)
    opened = await brought(client, ("Artikel.csv", ITEMS))
    chosen = await client.put(f"{API}/{opened['id']}/mapping", json={"mapping_id": made["id"]})
    assert chosen.json()["kind"] == "all"


async def test_an_import_keeps_its_mapping_when_the_kept_one_is_deleted(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await kept(client)
    opened = await brought(client, ("Artikel.csv", ITEMS))
    await client.put(f"{API}/{opened['id']}/mapping", json={"kind": "items", "mapping_id": made["id"]})
    assert (await client.delete(f"{KEPT}/{made['id']}")).status_code == 204
    assert (await client.get(f"{KEPT}/{made['id']}")).status_code == 404
    assert await records(company, "select 1 from import_mapping_version") == []
    assert (await ran(client, opened["id"], trial=False))["state"] == "imported"


async def test_a_name_is_changed_but_not_to_one_that_is_taken(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    made, _other = await kept(client), await kept(client, "Other")
    renamed = await client.patch(f"{KEPT}/{made['id']}", json={"name": "Nordwerk AG"})
    assert renamed.json()["name"] == "Nordwerk AG"
    assert (await client.patch(f"{KEPT}/{made['id']}", json={"name": "Other"})).status_code == 409
    for bad in ("", " ", "x" * 101, "a\nb"):
        assert (await client.patch(f"{KEPT}/{made['id']}", json={"name": bad})).status_code == 422


async def test_what_is_no_mapping_is_refused_with_its_place(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    for text, sentence in (
        ("name = 1", "mapping.toml cannot be used"),
        ("[suppliers", "cannot be used"),
        (MAPPING.replace('decimal = ","', 'decimal = ",,"'), "one character"),
        ("", "cannot be used"),
    ):
        answer = await client.post(KEPT, json={"name": "x", "mapping": text})
        assert answer.status_code == 422
        assert sentence in answer.json()["errors"][0]["message"]
    both = await client.post(KEPT, json={"name": "x"})
    assert both.json()["errors"][0]["field"] == "mapping"


async def test_the_pages_keep_rename_export_and_delete_too(client_of):
    company = await buying_company()
    reader = Reader(await client_of(company.supplier_manager))
    first = await sent(reader, "/imports/new", "/imports", files=[("Artikel.csv", ITEMS)], kind="items")
    shown = await reader.open(first.form("/mapping").action.removesuffix("/mapping"))
    said = await reader.send(shown, "/mapping/keep", name="Nordwerk")
    assert "The mapping is kept as Nordwerk, version 1." in said.text
    assert "Nordwerk, version 1" in said.text
    assert "Nordwerk" in (await reader.open("/imports/new")).text

    listed = await reader.open("/imports/mappings")
    own = await reader.open(listed.links["Nordwerk"])
    renamed = await reader.send(own, "/rename", name="Nordwerk AG")
    assert "The mapping is called Nordwerk AG now." in renamed.text
    gone = await reader.send(renamed, "/delete")
    assert "The mapping is deleted." in gone.text
    assert "No mapping is kept yet" in gone.text


async def test_a_colleague_finds_what_somebody_kept(client_of):
    company = await buying_company()
    await kept(await client_of(company.supplier_manager))
    colleague = Reader(await client_of(await a_colleague(company, "supplier_manager")))
    new = await sent(
        colleague,
        "/imports/new",
        "/imports",
        files=[("Artikel.csv", ITEMS)],
        kind="items",
        mapping_id=(await colleague.client.get(KEPT)).json()["items"][0]["id"],
    )
    assert "Nordwerk, version 1" in new.text
    assert "First rows: Items" in new.text


async def test_an_import_exports_the_mapping_that_it_was_given(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    made = await brought(client, ("Artikel.csv", ITEMS))
    await mapped(client, made["id"], "items")
    for path in (f"{API}/{made['id']}", f"/imports/{made['id']}"):
        assert decode((await client.get(f"{path}/mapping.toml")).content) == mapping()
