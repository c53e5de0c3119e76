"""A real mail server that keeps what it is given, and people who read other languages."""

import asyncio
import email
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import msgspec
import psycopg
import pytest
from aiosmtpd.controller import Controller

from portal.access.commands import add_member
from portal.access.queries import member_named
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.ids import new_id
from portal.platform.settings import override
from tests.harness.world import Organised


class Inbox:
    """What the server took, in order; `answer` is what it says to the next mails' recipients."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[list[str]] = []
        self.answer = "250 OK"
        self.verdict = "250 taken"  # on what it was given; "" takes it and never says so

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        parsed = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.envelopes.append(list(envelope.rcpt_tos))
        if not self.verdict:
            await asyncio.sleep(3600)
        return self.verdict

    def of(self, person: Actor) -> list[EmailMessage]:
        return [mail for mail, to in zip(self.mails, self.envelopes, strict=True) if to == [person.email]]


@pytest.fixture(scope="session")
def server() -> Iterator[tuple[Inbox, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, port
    controller.stop()


@pytest.fixture
def inbox(connected: None, server: tuple[Inbox, int], superuser: psycopg.Connection) -> Iterator[Inbox]:
    """This test's mails: the portal sends to a server that is there, and nothing that other tests left."""
    superuser.execute("delete from dramatiq.queue where message ->> 'actor_name' like 'messaging.%'")
    box, port = server
    box.mails.clear()
    box.envelopes.clear()
    box.answer, box.verdict = "250 OK", "250 taken"
    with override(smtp_url=f"smtp://127.0.0.1:{port}?from=portal@portal.test"):
        yield box


async def another(organisation: Organised, role: str, **columns: Any) -> Actor:
    """One more person with this role; `columns` are of the person, or `limit_…` and `scope` of the membership."""
    rights = {name: columns.pop(name) for name in list(columns) if name.startswith("limit_") or name == "scope"}
    address = columns.pop("email", f"{role}.{new_id().hex[-12:]}@example.test")
    told: dict[str, Any] = {"full_name": f"Another {role}"} | columns
    person = Person(id=new_id(), email=address, **told)
    await add_member(Actor.system(organisation.id), person, [role], **rights)
    found = await member_named(address)
    assert found is not None
    return msgspec.structs.replace(found, email=address)
