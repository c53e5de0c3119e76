"""A key ring that turns under the tests' own portal, and is as it was afterwards."""

import secrets

import pytest

from portal.access.commands.ring import reseal
from portal.platform.settings import override, settings

OTHER = "another key ring, which opens nothing here"


@pytest.fixture
async def turned(connected):
    """`fresh, done = await turned()` puts a new key in front and seals everything with it, so many secrets."""
    old, fresh = settings().secret_keys, secrets.token_urlsafe(32)

    async def turn() -> tuple[str, int]:
        with override(secret_keys=(fresh, *old)):
            return fresh, await reseal(str(settings().owner_url))

    yield turn
    with override(secret_keys=(*old, fresh)):
        await reseal(str(settings().owner_url))
