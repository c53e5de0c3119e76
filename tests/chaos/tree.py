"""The whole portal under its own supervisor: `python -m tests.chaos.tree FOLDER PORT`.

Two web processes, a worker, a scheduler and PostgreSQL, which writes through to the disk as it does for customers. Each
part notes its process id in `FOLDER/pids`, so that it can be killed by name.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from portal.access.commands import create_api_key
from portal.app import create_app, wire
from portal.cli import web
from portal.cli.settle import apart
from portal.documents import pressroom
from portal.platform import database, log
from portal.platform.migrations import migrate
from portal.platform.postgres import APP, OWNER, Cluster, prepare
from portal.platform.processes import Child, run
from portal.platform.settings import override
from portal.worker import run_scheduler, run_worker
from tests.harness.cluster import RING
from tests.harness.world import selling_company, trading_pair

TOLD = "told.json"


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    log.configure()
    cluster = Cluster.open(folder / "pg")
    override(database_url=cluster.url(APP), owner_url=cluster.url(OWNER), data=folder, secret_keys=(RING,))
    listener = web.listen("127.0.0.1", port)
    apart(lambda: furnish(cluster, folder / TOLD))
    app = create_app()
    served = [_noted(folder, f"web-{number}", lambda: web.serve(app, listener)) for number in (1, 2)]
    parts = [*served, _noted(folder, "worker", run_worker), _noted(folder, "scheduler", run_scheduler)]
    url = web.address(listener)
    sys.exit(run(parts, keep=[cluster], answers=lambda: web.answers(url)))


def furnish(cluster: Cluster, told: Path) -> None:
    """Bring the database up to date, and at the first start somebody who trades; killed half-way it begins anew."""
    prepare(cluster)
    asyncio.run(migrate(cluster.url(OWNER)))
    if not told.exists():
        fresh = told.with_suffix(".new")
        fresh.write_text(json.dumps(asyncio.run(_trading())))
        fresh.rename(told)


async def _trading() -> dict[str, Any]:
    wire()
    await database.connect()
    try:
        company, supplier = await trading_pair()
        stranger = await selling_company()
        keys = {role: await create_api_key(actor, ["*"]) for role, actor in (supplier.people | company.people).items()}
        ids = {"company": company.id, "supplier": supplier.id, "stranger": stranger.id}
        return {"keys": keys} | {name: str(each) for name, each in ids.items()}
    finally:
        await database.disconnect()


def _noted(folder: Path, name: str, target: Callable[[], None]) -> Child:
    def live() -> None:
        pids = folder / "pids"
        pids.mkdir(exist_ok=True)
        (pids / name).write_text(str(os.getpid()))
        target()
        pressroom.close()

    return Child(name, live)


if __name__ == "__main__":
    main()
