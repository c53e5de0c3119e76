"""kill -9 at random points of purchase orders' cycles: nothing is lost, nothing happens twice, nothing is wrong.

The long version is `make chaos`.
"""

import asyncio
from pathlib import Path

from tests.chaos.run import run


def test_kills_at_random_points_lose_double_and_spoil_nothing(tmp_path: Path) -> None:
    tally = asyncio.run(run(tmp_path, cycles=40, kills=10, seed=20261122))

    assert tally.clean, tally.facts()
    assert sum(tally.kills.values()) >= 8, tally.facts()
    assert tally.mails > 40
