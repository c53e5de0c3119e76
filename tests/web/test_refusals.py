"""Whoever is refused is still known: the page speaks their language and keeps their menu, whatever it refuses."""

import pytest

from tests.harness.pages import Page
from tests.harness.world import a_colleague, trading_pair


@pytest.fixture
async def reader(client_of):
    company, _supplier = await trading_pair()
    client = await client_of(await a_colleague(company, "buyer"))
    client.headers.pop("x-csrf-token")
    client.cookies.set("language", "zh-Hans")
    return client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/orders/not-an-id", 404),
        ("/orders/0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b", 404),
        ("/audit", 403),
        ("/scorecard", 403),
        ("/orders?requested_before=soon", 422),
    ],
)
async def test_a_refusal_stands_among_its_readers_menu_and_words(reader, path, status):
    page = Page(await reader.get(path))

    assert page.status == status
    assert '<html lang="zh-Hans"' in page.html
    assert page.links["订单"] == "/orders"


async def test_an_address_that_takes_another_kind_of_request_is_refused_in_the_same_frame(reader):
    page = Page(await reader.post("/search", data={}))

    assert page.status == 405
    assert page.links["订单"] == "/orders"


async def test_a_stranger_learns_of_an_unknown_address_on_a_plain_page(anonymous):
    page = Page(await anonymous.get("/nowhere", headers={"accept-language": "zh-CN"}))

    assert page.status == 404
    assert '<html lang="zh-Hans"' in page.html
    assert "订单" not in page.links


async def test_a_program_learns_of_an_unknown_address_as_a_problem(reader):
    answer = await reader.get("/api/v1/nowhere")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["title"] == "未找到，或您无权查看"
