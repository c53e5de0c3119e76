"""What was drawn before: rows of lists and long selects, which the last reader saw just as they are."""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

import msgspec
from markupsafe import Markup

from portal.platform.i18n import Message, current_language
from portal.web.context import current

MOST: Final = 4_000_000  # characters that a process keeps


def _said(value: Any) -> Any:
    """Words are what they are in the reader's language, markup is no text; by anything else no piece is told apart."""
    if isinstance(value, Message):
        return str(value)
    if isinstance(value, Markup):
        return {"markup": str(value)}
    raise TypeError(f"{type(value)} cannot be told apart from others")


class Drawn:
    """Pieces of pages by all that they depend on; what was not looked at for longest goes first."""

    def __init__(self, most: int = MOST) -> None:
        self._kept: OrderedDict[bytes, Markup] = OrderedDict()
        self._most, self._size = most, 0

    def __call__(self, alike: tuple[Any, ...], macro: Callable[..., Markup], *said: Any) -> Markup:
        """What the macro makes of what is said, as it was drawn for the same words, language and time zone. `alike`
        names the piece, and whatever else it depends on.

        Nothing is found by who asks: it takes every byte of a record to find what was made of it, so that nobody is
        shown what the wall keeps from them.
        """
        told = msgspec.json.encode((alike, current_language(), current.get().time_zone, said), enc_hook=_said)
        key = sha256(told).digest()
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = self._kept[key] = macro(*said)
        self._size += len(made)
        while self._size > self._most:
            self._size -= len(self._kept.popitem(last=False)[1])
        return made


drawn = Drawn()
