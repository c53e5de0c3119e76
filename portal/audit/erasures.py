"""Who was erased, kept outside the database: a key that an older copy brings back is destroyed again.

The list lies in the data folder, where no backup of the database overwrites it. It holds ids, which mean nobody once
the person's row is blank. Migrating, which follows every restore, applies it.
"""

from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from portal.audit.witnesses import folder
from portal.platform.ids import id_of
from portal.platform.settings import settings

FILE = "erased"


def remember(person_id: UUID) -> None:
    """Put a person on the list; twice does no harm."""
    with (folder() / FILE).open("a", encoding="ascii") as file:
        file.write(f"{person_id} {datetime.now(UTC).isoformat(timespec='seconds')}\n")


def remembered() -> list[UUID]:
    file = settings().data / "audit" / FILE
    if not file.exists():
        return []
    ids = (id_of(line.partition(" ")[0]) for line in file.read_text("ascii", "replace").splitlines())
    return list(dict.fromkeys(known for known in ids if known is not None))


async def reapply(owner_url: str) -> int:
    """Erase again whoever is on the list, here or in the database; how many were back."""
    connection = await asyncpg.connect(owner_url)
    try:
        again: int = await connection.fetchval("select portal.reapply_erasures($1)", remembered())
        return again
    finally:
        await connection.close()
