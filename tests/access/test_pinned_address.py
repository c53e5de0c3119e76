"""A name that changes its address between the look and the question leads nowhere inside (DNS rebinding)."""

import asyncio
import socket
from ipaddress import ip_network
from typing import Any

import pytest

from portal.access import provider
from portal.access.provider import Unreachable, discover
from portal.platform.settings import override

NAME = "login.rebinds.example"
TOLD = b'{"issuer": "http://login.rebinds.example:PORT", "authorization_endpoint": "a", "token_endpoint": "b", '
TOLD += b'"jwks_uri": "c"}'


class Resolver:
    """Answers with one address after the other, the last for ever; counts how often it was asked."""

    def __init__(self, *addresses: str) -> None:
        self.addresses, self.asked = list(addresses), 0

    async def getaddrinfo(self, host: str, port: int, **_more: Any) -> list[Any]:
        if host != NAME:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        self.asked += 1
        address = self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]


@pytest.fixture
async def listening():
    """A server on two addresses of this machine: what each of them was asked, the head of every request."""
    heard: dict[str, list[bytes]] = {"127.0.0.2": [], "127.0.0.3": []}

    def serving(address: str) -> Any:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heard[address].append(await reader.readuntil(b"\r\n\r\n"))
            body = TOLD.replace(b"PORT", str(port).encode())
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body) + body)
            await writer.drain()
            writer.close()

        return serve

    first = await asyncio.start_server(serving("127.0.0.2"), "127.0.0.2", 0)
    port = first.sockets[0].getsockname()[1]
    second = await asyncio.start_server(serving("127.0.0.3"), "127.0.0.3", port)
    yield heard, port
    for server in (first, second):
        server.close()
        await server.wait_closed()


async def test_the_address_that_was_looked_at_is_the_one_that_is_asked_by_the_name_that_was_meant(
    listening, monkeypatch
):
    heard, port = listening
    resolver = Resolver("127.0.0.2", "127.0.0.3")
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver.getaddrinfo)
    with override(oidc_networks=(ip_network("127.0.0.2/32"),)):
        found = await discover(f"http://{NAME}:{port}")

    assert found.issuer == f"http://{NAME}:{port}"
    assert resolver.asked == 1
    assert heard["127.0.0.3"] == []
    assert f"host: {NAME}:{port}".encode() in heard["127.0.0.2"][0].lower()


async def test_an_answer_that_turns_inside_later_is_refused_when_it_is_asked_for_again(listening, monkeypatch):
    heard, port = listening
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", Resolver("127.0.0.2", "127.0.0.3").getaddrinfo)
    with override(oidc_networks=(ip_network("127.0.0.2/32"),)):
        await discover(f"http://{NAME}:{port}")
        with pytest.raises(Unreachable, match="not at a public address"):
            await discover(f"http://{NAME}:{port}")
    assert heard["127.0.0.3"] == []


async def test_one_inner_address_among_several_is_enough_to_refuse(monkeypatch):
    async def both(host: str, port: int, **_more: Any) -> list[Any]:
        return [(0, 0, 0, "", (address, port)) for address in ("93.184.216.34", "10.0.0.7")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    with pytest.raises(Unreachable, match="not at a public address"):
        await provider.discover(f"https://{NAME}")
