"""The presses and checkers that tests start end with them."""

from collections.abc import Iterator

import pytest

from portal.documents import pressroom
from portal.platform.einvoice import checking
from tests.harness.backed_up import backed_up
from tests.harness.parts import start, watched

__all__ = ["backed_up", "start", "watched"]


@pytest.fixture(scope="session", autouse=True)
def presses() -> Iterator[None]:
    yield
    pressroom.close()
    checking.close()
