"""Workloads with a database of their own, each in a process of its own, which tells its figures in one line."""

import subprocess
import sys

import msgspec

from tests.benchmarks.figures import Figure

LINES = 100_000  # that are imported
FACTS, SUPPLIERS = 1_000_000, 10_000


def starting(_orders: int) -> list[Figure]:
    return _figures("starting")


def scores(_orders: int) -> list[Figure]:
    return _figures("scores_of_a_month", "--suppliers", str(SUPPLIERS), "--facts", str(FACTS))


def imports(_orders: int) -> list[Figure]:
    return _figures("imports", "--lines", str(LINES))


def _figures(module: str, *options: str) -> list[Figure]:
    """The last line that the benchmark writes; what it promises and does not keep, it says by its exit code alone."""
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *options, "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    lines = done.stdout.splitlines()
    if not lines:
        raise RuntimeError(f"{module} ended with {done.returncode} and told nothing")
    return msgspec.json.decode(lines[-1], type=list[Figure])
