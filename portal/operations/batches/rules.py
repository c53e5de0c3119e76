"""Bounds of batches, and what their files are called."""

import unicodedata
from datetime import timedelta
from typing import Final

MOST: Final = 2_000  # documents of one batch
MOST_BYTES: Final = 500_000_000  # of all its files together
MOST_WAITING: Final = 3  # batches of one person that are under way
TURN: Final = 30.0  # seconds; then others have theirs
LONGEST_NAME: Final = 120  # bytes of a folder's name, and of a file's without its ending
KEPT: Final = timedelta(days=7)  # so long a file is there
SILENT: Final = timedelta(hours=2)  # after which nobody makes it any more


class Names:
    """Names in a zip, each once: folders by partner, files by number, without what disks refuse."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, partner: str, number: str) -> str:
        """A name without its ending, such as `Müller GmbH/R-0815`; the second one of the same name gets a `-2`."""
        wanted = f"{_plain(partner)}/{_plain(number)}"
        name, again = wanted, 1
        while name.casefold() in self._given:
            again += 1
            name = f"{wanted}-{again}"
        self._given.add(name.casefold())
        return name


def _plain(text: str) -> str:
    """Letters with their marks, and digits; short enough for any disk, whatever its script."""
    kept = "".join(sign if unicodedata.category(sign)[0] in "LNM" or sign in "-_. " else "-" for sign in text)
    return kept.encode()[:LONGEST_NAME].decode(errors="ignore").strip(" .") or "-"
