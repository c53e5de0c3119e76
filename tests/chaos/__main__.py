"""`python -m tests.chaos --cycles 1000 --kills 120 --seed 20261122`: the tally; exit code 1 unless clean."""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.machine import described
from tests.chaos.run import run


def main() -> None:
    asked = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    asked.add_argument("--cycles", type=int, default=1000)
    asked.add_argument("--kills", type=int, default=120)
    asked.add_argument("--seed", type=int, default=20261122)
    asked.add_argument("--folder", type=Path, help="an empty folder to work in, which is kept")
    given = asked.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="portal-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    tally = asyncio.run(
        run(folder.resolve(), given.cycles, given.kills, given.seed, lambda line: print(line, flush=True))
    )
    print(described())
    print(json.dumps(tally.facts(), indent=2))
    if not given.folder and tally.clean:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if tally.clean else 1)


if __name__ == "__main__":
    main()
