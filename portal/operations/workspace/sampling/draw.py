"""Drawing samples, so that anybody with the population and the seed draws the same one.

**Random.** Each record gets the SHA-256 of `portal.audit.sample.v1`, the seed and its id, with zero bytes between; the
records with the smallest hashes are the sample, in that order. The order of the population says nothing, and a bigger
sample of the same seed begins with the smaller one.

**Money units.** Records are laid end to end in the order of their ids, each as long as its amount; what is not above
zero is left out. The start is a hundredth from 1 to the interval, taken from the SHA-256 of `portal.audit.start.v1` and
the seed; from there every interval-th unit hits the record it lies in. A record as long as the interval or longer is
always hit: it is certain.
"""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

SAMPLE: Final = b"portal.audit.sample.v1"
START: Final = b"portal.audit.start.v1"
CENT: Final = Decimal("0.01")


class Unit(NamedTuple):
    """A record of the population: its id and its amount, if it has one."""

    id: UUID
    amount: Decimal | None


class Drawn(NamedTuple):
    """A record of the sample, and by how many units it was hit."""

    id: UUID
    hits: int
    certain: bool


def random(population: Sequence[Unit], size: int, seed: str) -> list[Drawn]:
    """At most `size` records, each as likely as any other."""
    ranked = sorted(population, key=lambda unit: _hash(SAMPLE, seed, str(unit.id)))
    return [Drawn(unit.id, 1, certain=False) for unit in ranked[:size]]


def monetary(population: Sequence[Unit], interval: Decimal, seed: str) -> list[Drawn]:
    """The records that a unit hits, in the order of their ids; raises ValueError for an interval below a hundredth."""
    step = int(interval / CENT)
    if step < 1:
        raise ValueError("an interval is at least one hundredth")
    drawn: list[Drawn] = []
    reached, point = 0, start(step, seed)
    for unit in sorted(population, key=lambda each: each.id.bytes):
        length = int(unit.amount / CENT) if unit.amount is not None and unit.amount > 0 else 0
        reached += length
        hits = 0 if point > reached else (reached - point) // step + 1
        if hits:
            drawn.append(Drawn(unit.id, hits, certain=length >= step))
            point += hits * step
    return drawn


def start(step: int, seed: str) -> int:
    """Where the first unit lies, in hundredths: from 1 to the interval."""
    return int.from_bytes(_hash(START, seed), "big") % step + 1


def _hash(*parts: bytes | str) -> bytes:
    return hashlib.sha256(b"\0".join(part if isinstance(part, bytes) else part.encode() for part in parts)).digest()
