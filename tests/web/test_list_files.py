"""Every list leaves as a file: what the screen shows, with the same filters, for the same eyes."""

import csv
import io
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from tests.harness.marked import marked_world
from tests.harness.world import a_colleague, trading_pair

LISTS = (
    "orders", "invoices", "credit-notes", "despatch-advices", "receipts", "service-entries", "items", "suppliers",
    "statements",
)  # fmt: skip
PRICED = {"orders", "service-entries"}


@pytest.fixture(scope="module")
async def world(connected: None) -> Any:
    return await marked_world("Wheatear")


def table(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_leaves_as_csv_and_as_a_workbook_with_the_same_rows(world, client_of, name):
    client = await client_of(world.company.auditor)
    shown = await client.get(f"/{name}")
    told = table(await client.get(f"/{name}.csv"))
    book = await client.get(f"/{name}.xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()

    assert len(told) > 1, "there is something in it"
    assert all(len(row) == len(told[0]) for row in told)
    assert [str(row[0]) for row in sheet] == [row[0] for row in told]
    assert f'href="/{name}.csv"' in shown.text
    assert f'href="/{name}.xlsx"' in shown.text


@pytest.mark.parametrize("name", sorted(PRICED))
async def test_who_may_not_see_prices_is_given_no_column_of_them(world, client_of, name):
    told = table(await (await client_of(world.company.receiver)).get(f"/{name}.csv"))
    seen = table(await (await client_of(world.company.auditor)).get(f"/{name}.csv"))
    assert {"Net"} <= set(seen[0])
    assert not {"Net", "Tax", "Total", "Currency"} & set(told[0])


@pytest.mark.parametrize("name", LISTS)
async def test_a_stranger_gets_none_of_it(world, client_of, name):
    company, _supplier = await trading_pair()
    stranger = await a_colleague(company, "auditor")
    told = (await (await client_of(stranger)).get(f"/{name}.csv")).text
    assert "Wheatear" not in told
    assert world.supplier.name not in told


async def test_files_are_narrowed_as_the_list_is_and_refused_before_their_first_byte(world, client_of):
    client = await client_of(world.company.auditor)
    every = table(await client.get("/orders.csv"))
    accepted = table(await client.get("/orders.csv?state=accepted"))
    state = every[0].index("State")
    assert {row[state] for row in every[1:]} > {row[state] for row in accepted[1:]} == {"Accepted"}
    assert table(await client.get("/orders.csv?query=no-such-words")) == [every[0]]
    refused = [await client.get(f"/orders{kind}?state=nonsense") for kind in ("", ".csv", ".xlsx")]
    assert [answer.status_code for answer in refused] == [400, 400, 400]


async def test_every_file_is_in_the_log_as_taken_out(world, client_of, superuser):
    client = await client_of(world.company.payable)
    await client.get("/invoices.csv")
    sql = """select body -> 'data' ->> 'file' from audit_entry
        where event = 'data.exported' and actor_id = %s order by id desc limit 1"""
    assert superuser.execute(sql, [world.company.payable.person_id]).fetchone() is not None
