"""The presses and checkers that tests start end with them."""

from collections.abc import Iterator

import pytest

from portal.documents import pressroom
from portal.platform.einvoice import checking


@pytest.fixture(scope="session", autouse=True)
def presses() -> Iterator[None]:
    yield
    pressroom.close()
    checking.close()
