"""The program of an object store for stories: OpenStack Swift's four servers, which share what they import.

`python -I swift_servers.py FOLDER ACCOUNT CONTAINER OBJECT` (ports). The folder holds their settings; where each server
of the store is to be found (its rings: one place, one copy) is written there first.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

from swift.account.server import main as account
from swift.common.ring.builder import RingBuilder
from swift.container.server import main as container
from swift.obj.server import main as object_
from swift.proxy.server import main as proxy

SERVERS = {"account": account, "container": container, "object": object_, "proxy": proxy}
PR_SET_PDEATHSIG = 1


def write_ring(folder: Path, part: str, port: int) -> None:
    ring = RingBuilder(part_power=0, replicas=1, min_part_hours=0)
    ring.add_dev({"id": 0, "region": 1, "zone": 1, "weight": 1, "ip": "127.0.0.1", "port": port, "device": "one"})
    ring.rebalance()
    ring.get_ring().save(str(folder / f"{part}.ring.gz"))


def begin(folder: Path, part: str) -> None:
    """In a process of its own, which ends with this one."""
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        sys.argv = [f"swift-{part}-server", str(folder / f"{part}.conf")]
        sys.exit(SERVERS[part]())


if __name__ == "__main__":
    place = Path(sys.argv[1])
    for name, port in zip(SERVERS, sys.argv[2:], strict=False):
        write_ring(place, name, int(port))
    for name in SERVERS:
        begin(place, name)
    os.wait()
