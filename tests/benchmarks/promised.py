"""What a benchmark promised beside what it measured: one that is missed ends the benchmark with 1."""

import json
from collections.abc import Mapping


def kept(measured: Mapping[str, float], promised: Mapping[str, float]) -> int:
    """Print each figure that something is promised of, with the most it may be; 1 if any of them is more, else 0."""
    missed = 0
    for name, most in promised.items():
        figure = measured[name]
        missed |= figure > most
        told = {"name": name, "figure": figure, "promised": most, "kept": figure <= most}
        print(json.dumps(told))
    return int(missed)
