"""What is no secret: passwords that many people have, and what is made of them by the usual tricks."""

import re
from functools import cache

LEAST_PASSWORD = 12
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def is_common(password: str, *, own: str = "") -> bool:
    """Whether others try this first. `own` is the person's e-mail address, which is no secret either.

    Found are: what stands in the list; the same with digits and signs around it; one piece over and over; digits alone;
    a run along the alphabet or the rows of a keyboard. Whatever else is long enough is good, however it is composed.
    """
    plain = password.casefold()
    if _is_known(plain, own.casefold()):
        return True
    core = _ENDS.sub("", plain)
    return not core or _is_known(core, own.casefold())


def _is_known(text: str, own: str) -> bool:
    piece = _repeated(text)
    return (
        piece in _common() or len(piece) < 4 or _is_run(piece) or (bool(own) and text in (own, own.partition("@")[0]))
    )


def _repeated(text: str) -> str:
    """The piece that the text repeats, or all of it."""
    return text[: (text + text).find(text, 1)]


def _is_run(text: str) -> bool:
    return any(text in row or text in row[::-1] for row in _ROWS)


_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)


@cache
def _common() -> frozenset[str]:
    """30,000 passwords by how often they were found in leaks, as the package zxcvbn carries them."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
