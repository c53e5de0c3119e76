"""Presses and examiners that tests start end with them; stories about mails have a server to send to."""

from collections.abc import Iterator

import pytest

from portal.documents import pressroom
from portal.signatures import examining
from tests.harness.mail import inbox, server

__all__ = ["inbox", "presses", "server"]


@pytest.fixture(scope="session", autouse=True)
def presses() -> Iterator[None]:
    yield
    pressroom.close()
    examining.close()
