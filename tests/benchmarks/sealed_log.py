"""How fast the log is sealed and checked: `python -m tests.benchmarks.sealed_log [ENTRIES]`.

Starts a PostgreSQL of its own, writes the entries as the portal does, seals them in batches of 10,000 and checks them.
Figures that hold: 10,000 sealed in at most 2 seconds, 100,000 checked in at most 2, by the median of five checks.
"""

import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import asyncpg

from portal.audit.sealing import seal
from portal.audit.verifying import verify
from portal.platform.settings import override, settings
from tests.harness import cluster
from tests.harness.log_rows import many_entries

SEALED, CHECKED = 2.0, 2.0  # seconds


async def measure(entries: int) -> bool:
    connection = await asyncpg.connect(settings().database_url)
    await many_entries(connection, entries)
    batches = []
    while True:
        begun = time.perf_counter()
        sealed = await seal(connection)
        if sealed is None:
            break
        batches.append(time.perf_counter() - begun)
    await connection.close()
    checks = []
    for _again in range(5):
        begun = time.perf_counter()
        verdict = verify(str(settings().owner_url))
        checks.append(time.perf_counter() - begun)
        assert verdict.intact, verdict.faults[:3]
    print(f"sealing batches of 10,000: slowest {max(batches):.2f} s; allowed {SEALED} s")
    typical, spread = statistics.median(checks), f"{min(checks):.2f} to {max(checks):.2f}"
    print(f"checking {verdict.entries:,} entries: median {typical:.2f} s of {spread}; allowed {CHECKED} s")
    return max(batches) <= SEALED and typical <= CHECKED


def main() -> int:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(tempfile.mkdtemp(prefix="portal-benchmark-"))
    running = cluster.start(folder)
    try:
        known = {role: cluster.url(name, cluster.TEMPLATE) for role, name in ROLES.items()}
        with override(**known, data=folder / "data", secret_keys=(cluster.RING,)):
            return 0 if asyncio.run(measure(entries)) else 1
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


ROLES = {"database_url": "portal_app", "owner_url": "portal_owner"}

if __name__ == "__main__":
    sys.exit(main())
