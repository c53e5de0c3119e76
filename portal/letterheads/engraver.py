"""The engraver: a process of its own that reads a stranger's picture and draws it anew, and can do nothing else.

`python -m portal.letterheads.engraver` knows no database, no secret and no network, and has a bound on memory; who
feeds it bounds the time. What comes out is a PNG in plain RGB on white: no metadata, no profile, no transparency (which
PDF/A would have to describe), no second frame, and never more pixels than paper shows.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

import msgspec

from portal.platform.bounded import answer_all

MEMORY: Final = 512 * 1024**2  # bytes of address space
KINDS: Final = ("PNG", "JPEG", "WEBP")
MOST_PIXELS: Final = 8_000_000
LEAST: Final = 16  # pixels of a side
SHOWN: Final = (1200, 480)  # pixels: 600 dots an inch in the place that documents have for it


class Task(msgspec.Struct, frozen=True):
    """A picture as somebody brought it."""

    image: bytes


class Engraved(msgspec.Struct, frozen=True):
    """The picture drawn anew, or what is wrong with it: a code of `rules.FAULTS`."""

    png: bytes = b""
    fault: str = ""


def main() -> None:
    answer_all(Task, _prepared, MEMORY)


def _prepared() -> Callable[[Any], Engraved]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    def drawn(image: Any) -> bytes:
        whole = ImageOps.exif_transpose(image).convert("RGBA")
        whole.thumbnail(SHOWN, Image.Resampling.LANCZOS)
        paper = Image.new("RGB", whole.size, "white")
        paper.paste(whole, mask=whole)
        target = BytesIO()
        paper.save(target, "PNG", optimize=True)
        return target.getvalue()

    def engraved(task: Task) -> Engraved:
        """Whatever a picture does to its reader is a fault of the picture."""
        try:
            image = Image.open(BytesIO(task.image), formats=KINDS)
            if image.width * image.height > MOST_PIXELS:
                return Engraved(fault="pixels")
            if min(image.size) < LEAST:
                return Engraved(fault="small")
            return Engraved(drawn(image))
        except UnidentifiedImageError:
            return Engraved(fault="kind")
        except Image.DecompressionBombError:
            return Engraved(fault="pixels")
        except Exception:
            return Engraved(fault="broken")

    return engraved


if __name__ == "__main__":
    main()
