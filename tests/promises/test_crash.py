"""kill -9 at random points of purchase orders' cycles: nothing is lost, nothing happens twice, nothing is wrong.

The long version is `make chaos`.
"""

import asyncio
import json
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from tests.chaos.run import run
from tests.chaos.stage import Stage
from tests.harness.parts import eventually
from tests.harness.world import line

AT_ONCE = 6
WAITING = "select count(*) from pg_stat_activity where usename = 'portal_app' and wait_event_type = 'Lock'"


def test_kills_at_random_points_lose_double_and_spoil_nothing(tmp_path: Path) -> None:
    tally = asyncio.run(run(tmp_path, cycles=40, kills=10, seed=20261122))

    assert tally.clean, json.dumps(tally.facts(), indent=1)
    assert sum(tally.kills.values()) == 10
    assert tally.mails > 40


def test_a_portal_that_is_told_to_stop_answers_what_it_began_and_takes_nothing_more(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.start()
    told = stage.told
    body = {"supplier_id": told["supplier"], "currency": "EUR", "lines": [line()]}
    headers = {"authorization": f"Bearer {told['keys']['requester']}"}

    def create(_number: int) -> httpx.Response:
        at = f"{stage.url}/api/v1/purchase-orders"
        return httpx.post(at, json=body, headers=headers, timeout=120, trust_env=False)

    with stage.connect() as held, stage.connect() as looking, ThreadPoolExecutor(AT_ONCE) as people:
        with held.transaction():
            held.execute("lock table purchase_order in access exclusive mode")
            asked = [people.submit(create, number) for number in range(AT_ONCE)]
            eventually(lambda: (looking.execute(WAITING).fetchone() or [0])[0] >= AT_ONCE)
            stage.signal(signal.SIGTERM)
            time.sleep(0.5)  # so that it has heard of it
        answers: list[Any] = [each.result() for each in asked]
    assert [answer.status_code for answer in answers] == [201] * AT_ONCE
    assert stage.stop() == 0
    assert _refused(stage.port)


def _refused(port: int) -> bool:
    """Nobody takes connections there any more."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) != 0
