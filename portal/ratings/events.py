"""What happens to ratings."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class OrderRated:
    """Somebody said for the first time what they think of a finished order."""

    code = "order-rating.given"
    rating_id: UUID
    order_id: UUID
    stars: int


@dataclass(frozen=True)
class RatingChanged:
    """Its author says it otherwise; the log keeps what it was."""

    code = "order-rating.changed"
    rating_id: UUID
    order_id: UUID
    stars: int
