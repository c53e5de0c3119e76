"""Files as programs send them: with whatever they call a file's bytes, as large as they may be."""

import pytest
from litestar import Litestar

from tests.harness.bombs import MB, bounded
from tests.harness.world import buying_company
from tests.operations.desk.nordwerk import API, brought
from tests.operations.nordwerk import ITEMS

KINDS = ["text/csv", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded", "x/y; z=1", ""]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_is_taken_whatever_its_sender_calls_it(client_of, kind):
    client = await client_of((await buying_company()).supplier_manager)
    made = await brought(client)
    headers = {"content-type": kind} if kind else {}
    put = await client.put(f"{API}/{made['id']}/files/a.csv", content=ITEMS.encode(), headers=headers)
    assert put.status_code == 200, put.text
    assert [file["name"] for file in put.json()["files"]] == ["a.csv"]


async def test_a_file_of_nearly_two_hundred_megabytes_is_taken_without_being_held(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    made = await brought(client)

    async def rows():
        yield b"Nr;Bezeichnung;ME\n"
        for _block in range(190):
            yield b"A-1;Schraube;Stk\n" * (MB // 17)

    with bounded(seconds=30):
        put = await client.put(f"{API}/{made['id']}/files/a.csv", content=rows(), headers={"content-type": "text/csv"})
    assert put.status_code == 200, put.text


def test_a_generated_client_knows_that_bytes_are_the_body(app: Litestar):
    paths = app.openapi_schema.to_schema()["paths"]
    put = paths["/api/v1/imports/{file_import_id}/files/{name}"]["put"]
    assert put["requestBody"]["content"]["application/octet-stream"]["schema"]["format"] == "binary"
    part = paths["/api/v1/files/{file_id}"]["patch"]
    assert [*part["requestBody"]["content"]] == ["application/offset+octet-stream"]


async def test_a_table_of_errors_says_once_how_it_is_written(client_of):
    client = await client_of((await buying_company()).supplier_manager)
    made = await brought(client, ("a.csv", ITEMS))
    sent = await client.get(f"{API}/{made['id']}/errors.csv")
    assert sent.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("said", ['file = "a.csv\\u0000"', 'file = "a.csv"\nsheet = "\\ud800"'])
async def test_a_mapping_that_nobody_could_store_is_refused_at_its_place(client_of, said):
    client = await client_of((await buying_company()).supplier_manager)
    made = await brought(client, ("a.csv", ITEMS))
    mapping = f'name = "M"\n[items]\n{said}\n[items.fields]\nnumber = "Nr"\n'
    put = await client.put(f"{API}/{made['id']}/mapping", json={"kind": "items", "mapping": mapping})
    assert put.status_code == 422, put.text
    assert put.json()["errors"][0]["field"] == "mapping"
