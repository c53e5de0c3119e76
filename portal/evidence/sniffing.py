"""What a file is, by its bytes alone: its name and what its sender calls it count for nothing.

An archive is not unpacked and an image not decoded here; only what they say of themselves is read, in bounded memory.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portal.evidence.rules import (
    DRAWN,
    KINDS,
    LARGEST_DIRECTORY,
    LARGEST_UNPACKED,
    MOST_ENTRIES,
    MOST_PIXELS,
    OFFICE,
    bomb,
    damaged,
    empty,
    flood,
    wrong_kind,
)
from portal.platform.i18n import Message
from portal.platform.late import Late

if TYPE_CHECKING:
    import puremagic
    from PIL import Image
else:
    puremagic = Late("puremagic")
    Image = Late("PIL.Image")

HEAD: Final = 65_536  # bytes
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "TIFF")  # Pillow reads a JPEG of several pictures as JPEG, too
_ARCHIVE, _END = b"PK\x03\x04", b"PK\x05\x06"
_LONGEST_END = 22 + 65_535  # bytes: the end of a directory with the longest comment


class Unfit(Exception):
    """This is no file that may be attached; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def media_type_of(path: Path, name: str) -> str:
    """The kind of a whole file; raises Unfit for what is not in KINDS, for bombs and for floods."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise Unfit(empty(name))
    if head.startswith(_ARCHIVE):
        return _office(path, name)
    found = media_type_of_head(head, name)
    if found in DRAWN:
        _require_pixels(path, name)
    return found


def media_type_of_head(head: bytes, name: str) -> str:
    """What its beginning says; an archive may yet turn out to be none that is wanted."""
    if head.startswith(_ARCHIVE):
        return next(iter(OFFICE.values()))
    known = _known(head)
    if known is not None:
        return known
    if not _is_text(head):
        raise Unfit(wrong_kind(name))
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def _known(head: bytes) -> str | None:
    """The kind that the likeliest signature names; "" would be a kind that nobody wants."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    likeliest = {each.mime_type for each in found if each.confidence == found[0].confidence}
    return next((kind for kind in KINDS if kind in likeliest and not kind.startswith("text/")), None)


def _is_text(head: bytes) -> bool:
    """Plain words: no control characters, and nothing that a browser could read as a page or a picture."""
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return False
        text = head[: error.start].decode()
    if text.lstrip("\ufeff \t\r\n").startswith("<") or "<script" in text.lower():
        return False
    return all(letter.isprintable() or letter in "\ufeff\t\r\n\f" for letter in text)


def _office(path: Path, name: str) -> str:
    """Which office document an archive is, by the names in its directory, whose size is looked at first."""
    _require_small_directory(path, name)
    with path.open("rb") as file, _foreign(wrong_kind(name)), zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(each.file_size for each in entries) > LARGEST_UNPACKED:
        raise Unfit(bomb(name))
    names = {each.filename for each in entries}
    kind = next((kind for folder, kind in OFFICE.items() if any(each.startswith(folder) for each in names)), None)
    if kind is None or "[Content_Types].xml" not in names or any(each.endswith("vbaProject.bin") for each in names):
        raise Unfit(wrong_kind(name))
    return kind


def _require_small_directory(path: Path, name: str) -> None:
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - _LONGEST_END))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0:
        raise Unfit(wrong_kind(name))
    if int.from_bytes(tail[at + 12 : at + 16], "little") > LARGEST_DIRECTORY:
        raise Unfit(bomb(name))


def _require_pixels(path: Path, name: str) -> None:
    """Reads the header alone: Pillow decodes nothing before it is asked for pixels."""
    with path.open("rb") as file, _foreign(damaged(name)):
        try:
            with Image.open(file, formats=FORMATS) as image:
                wide, high = image.size
        except Image.DecompressionBombError as error:
            raise Unfit(flood(name)) from error
    if wide * high > MOST_PIXELS:
        raise Unfit(flood(name))


@contextmanager
def _foreign(message: Message) -> Iterator[None]:
    """Whatever a library stumbles over in bytes that a stranger sent is the file's fault, by whatever name it calls it:
    asked again it would stumble again, and the file wait for ever. A disk that fails is told where the file is opened.
    """
    try:
        yield
    except Unfit:
        raise
    except Exception as error:
        raise Unfit(message) from error
