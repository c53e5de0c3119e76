"""What this portal issued, for whoever holds the file, and its certificates. Asked without anybody's context."""

from collections.abc import Sequence

from portal.platform.database import gate
from portal.signatures.forms import KnownFile

MOST_HASHES = 250


async def known_files(hashes: Sequence[str]) -> dict[str, KnownFile]:
    """Those of these files that were issued here, by their SHA-256 in hexadecimal digits."""
    async with gate() as connection:
        found = await connection.fetch("select * from portal.issued_files($1::text[])", list(hashes)[:MOST_HASHES])
    return {row["sha256"]: KnownFile(**row) for row in found}
