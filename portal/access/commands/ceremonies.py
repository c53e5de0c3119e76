"""Questions that an authenticator or an identity provider answers by way of the browser: each answer is taken once."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from portal.platform.gate import gate

LIFETIME = timedelta(minutes=5)


async def ask(question: bytes, purpose: str, person_id: UUID | None = None, **told: Any) -> None:
    """Remember a question for five minutes: its hash, whom it was put to, and what else the answer needs."""
    async with gate() as connection:
        await connection.fetch(
            "select portal.begin_ceremony($1, $2, $3, $4, $5)", _hash(question), purpose, person_id, told, LIFETIME
        )


async def answered(question: bytes, purpose: str) -> tuple[UUID | None, Mapping[str, Any]] | None:
    """What was remembered of it; None if it was never asked, or is answered already, or too long ago."""
    async with gate() as connection:
        found = await connection.fetchrow("select * from portal.end_ceremony($1, $2)", _hash(question), purpose)
    return None if found is None else (found["person_id"], found["told"])


def _hash(question: bytes) -> bytes:
    return hashlib.sha256(question).digest()
