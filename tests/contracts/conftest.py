"""Presses and examiners that tests start end with them."""

from collections.abc import Iterator

import pytest

from portal.documents import pressroom
from portal.signatures import examining


@pytest.fixture(scope="session", autouse=True)
def presses() -> Iterator[None]:
    yield
    pressroom.close()
    examining.close()
