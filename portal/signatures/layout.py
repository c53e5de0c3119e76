"""Where signatures stand on the page that is added for them: millimetres from the page's top left corner (A4)."""

from typing import Final

HEIGHT: Final = 297.0
LEFT: Final = 18.0
TOP: Final = 104.0
WIDE: Final = 174.0
TALL: Final = 27.0  # of one place
STEP: Final = 30.0
MOST: Final = 6  # places on the page
_POINTS: Final = 72 / 25.4


def field(position: int) -> str:
    """The name of the signature field of a place, counted from 1."""
    return f"Signature{position}"


def box(position: int) -> tuple[int, int, int, int]:
    """The place as PDF counts: points from the bottom left corner."""
    top = TOP + (position - 1) * STEP
    corners = (LEFT, HEIGHT - top - TALL, LEFT + WIDE, HEIGHT - top)
    left, bottom, right, upper = (round(each * _POINTS) for each in corners)
    return left, bottom, right, upper
