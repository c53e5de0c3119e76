"""Stories about mails have a server to send to; stories about sessions need not wait for a second."""

import time
from collections.abc import Callable

import pytest

from portal.access.queries import identities
from tests.harness.mail import inbox, server
from tests.harness.own_sign_in import domain, issuer, other_issuer, own

__all__ = ["domain", "inbox", "issuer", "other_issuer", "own", "server"]


@pytest.fixture
def a_second_later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What a process remembers of sessions for a second is forgotten."""

    def pass_by() -> None:
        then = time.monotonic() + 1
        monkeypatch.setattr(identities, "monotonic", lambda: then)

    return pass_by
