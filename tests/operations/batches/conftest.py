"""Stories of batches set real documents and start real workers."""

from collections.abc import Iterator

import pytest

from portal.documents import pressroom
from portal.platform.einvoice import checking
from tests.harness.parts import effects, job_follows, start, watched

__all__ = ["effects", "job_follows", "start", "watched"]


@pytest.fixture(scope="session", autouse=True)
def presses() -> Iterator[None]:
    yield
    pressroom.close()
    checking.close()
