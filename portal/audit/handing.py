"""Handovers: how a key that signed the log before, and that the ring holds no more, is told from a stranger's.

When the ring's newest key takes over, it signs a note that names the older one with the size and root up to which that
one signed. The note is a checkpoint with one line more, so it vouches for what was sealed, too. Whoever has the
database without the ring can write none.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from typing import Any, Final, NamedTuple, Self

from portal.audit.checkpoints import Checkpoint, NoCheckpoint, Signer, is_signed, signed_text

_SAYS: Final = "handover "


class Handover(NamedTuple):
    """Which key signed the log up to a checkpoint before another took over."""

    checkpoint: Checkpoint
    public: bytes

    def note(self, signer: Signer) -> str:
        """Signed by the key that takes over."""
        text = f"{self.checkpoint.text}{_SAYS}{b64encode(self.public).decode()}\n"
        return signed_text(text, self.checkpoint.origin, signer)

    @classmethod
    def of(cls, note: str) -> Self:
        """Raises `NoCheckpoint` for what cannot be read."""
        line = note.partition("\n\n")[0].split("\n")[4:]
        if len(line) != 1 or not line[0].startswith(_SAYS):
            raise NoCheckpoint(note[:200])
        try:
            return cls(Checkpoint.of(note), b64decode(line[0].removeprefix(_SAYS), validate=True))
        except NotBase64 as error:
            raise NoCheckpoint(note[:200]) from error


def vouches(note: str | None, publics: Iterable[bytes], origin: str) -> Handover | None:
    """What a note hands over in this log, if one of these keys signed it."""
    if note is None or not any(is_signed(note, public) for public in publics):
        return None
    try:
        handed = Handover.of(note)
    except NoCheckpoint:
        return None
    return handed if handed.checkpoint.origin == origin else None


def handed_over(rows: Iterable[dict[str, Any]], publics: set[bytes], origin: str) -> list[Handover]:
    """Every handover that a key of the ring vouches for, or one that was vouched for itself and had not ended yet."""
    waiting, found = [row["note"] for row in rows], list[Handover]()
    ended: dict[bytes, int] = {}
    while True:
        new = [handed for note in waiting if (handed := _next(note, publics, ended, origin))]
        new = [handed for handed in new if handed not in found]
        if not new:
            return found
        found += new
        for handed in new:
            ended[handed.public] = max(handed.checkpoint.size, ended.get(handed.public, 0))


def _next(note: str, publics: set[bytes], ended: dict[bytes, int], origin: str) -> Handover | None:
    if handed := vouches(note, publics, origin):
        return handed
    handed = vouches(note, ended, origin)
    by = [size for public, size in ended.items() if is_signed(note, public)]
    return handed if handed and handed.checkpoint.size <= max(by) else None
