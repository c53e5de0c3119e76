"""kill -9 at random points of purchase orders' cycles: nothing is lost, nothing happens twice, nothing is wrong.

The long version is `make chaos`.
"""

import asyncio
import json
from pathlib import Path

from tests.chaos.run import run


def test_kills_at_random_points_lose_double_and_spoil_nothing(tmp_path: Path) -> None:
    tally = asyncio.run(run(tmp_path, cycles=40, kills=10, seed=20261122))

    assert tally.clean, json.dumps(tally.facts(), indent=1)
    assert sum(tally.kills.values()) == 10
    assert tally.mails > 40
