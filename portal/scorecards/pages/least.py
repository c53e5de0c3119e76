"""What a standing needs at least, as pages and documents say it."""

from collections.abc import Mapping
from typing import Any

from portal.scorecards.rules import Bounds


def least_of(kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """How many facts, and what share of the weights with data, by the bounds that hold now."""
    bounds = Bounds.of(kept)
    return {"count": bounds.least_count, "coverage": bounds.least_coverage}
