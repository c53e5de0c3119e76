"""Forged requests: a browser says which page sent them, and the portal knows its own address."""

import pytest

from portal.platform.settings import override
from tests.harness.world import order_body, trading_pair

EVIL = "http://evil.example"


@pytest.fixture
def configured():
    """A portal whose operator has set PORTAL_URL."""

    def public(url: str) -> override:
        return override(url=url, given=frozenset({"url"}))

    return public


async def ordering(client_of):
    company, supplier = await trading_pair()
    client = await client_of(company.requester)

    async def send(**headers: str) -> int:
        answer = await client.post("/api/v1/purchase-orders", json=order_body(supplier), headers=headers)
        return answer.status_code

    return send


async def test_a_configured_portal_does_not_believe_the_host_that_a_request_names(client_of, configured):
    send = await ordering(client_of)
    with configured("http://portal.test"):
        assert await send(origin="http://portal.test") == 201
        assert await send(origin=EVIL, host="evil.example") == 421
        assert await send(origin=EVIL) == 403


async def test_the_plain_twin_of_a_secure_address_is_another_site(client_of, configured):
    send = await ordering(client_of)
    with configured("http://portal.test:8080"):
        assert await send(origin="http://portal.test:8080") == 201
        assert await send(origin="https://portal.test:8080") == 403
        assert await send(origin="http://portal.test") == 403
        assert await send(origin="HTTP://PORTAL.TEST:8080") == 201


async def test_a_port_that_everybody_knows_may_be_left_out(client_of, configured):
    send = await ordering(client_of)
    with configured("http://portal.test:80"):
        assert await send(origin="http://portal.test") == 201


async def test_a_demo_may_be_reached_by_any_name_of_its_machine(client_of):
    send = await ordering(client_of)
    assert await send(origin="http://localhost:8000", host="localhost:8000") == 201
    assert await send(origin=EVIL, host="localhost:8000") == 403
    assert await send(origin="null", host="null") == 403
    assert await send() == 201
