"""What evidence may be, as pure functions and figures: kinds of files, sizes, names, the offsets of parts."""

from pathlib import PurePosixPath
from typing import Final

from portal.platform.i18n import Message, _

LARGEST: Final = 200_000_000  # bytes of one file
MOST_FILES: Final = 10  # of one form
MOST_OF_RECORD: Final = 200  # files of one record that one organisation attaches
MOST_PIXELS: Final = 60_000_000  # of an image: above that is no camera but a flood
MOST_ENTRIES: Final = 5_000  # of an office document, which is an archive
LARGEST_DIRECTORY: Final = 1_000_000  # bytes that list those entries
LARGEST_UNPACKED: Final = 1_000_000_000  # bytes that an archive says it becomes
DAYS_TO_ARRIVE: Final = 2  # after which an upload that nobody goes on with is given up
PREVIEW_EDGE: Final = 480  # pixels

# What may come, by what its bytes are: the endings that a name of it may have, the usual one first.
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "image/tiff": (".tif", ".tiff"),
    "image/heif": (".heic", ".heif"),
    "video/mp4": (".mp4", ".m4v"),
    "video/quicktime": (".mov", ".qt"),
    "video/webm": (".webm",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "text/csv": (".csv",),
    "text/plain": (".txt", ".log"),
}
DRAWN: Final = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff")  # what a preview is made of
OFFICE: Final = {"xl/": next(k for k in KINDS if "sheet" in k), "word/": next(k for k in KINDS if "word" in k)}
KNOWN: Final = _("PDF, JPEG, PNG, WebP, GIF, TIFF, HEIC, MP4, MOV, WebM, XLSX, DOCX, CSV, TXT")
ACCEPTED: Final = ",".join(ending for endings in KINDS.values() for ending in endings)

LONGEST_NAME: Final = 120  # characters
_UNFIT = str.maketrans(dict.fromkeys('*?/\\:"<>|%;`$&', "_"))


def cleaned(given: str, media_type: str) -> str:
    """The name that readers' disks get: no folders, nothing that a shell or a page could take for more than a letter,
    and the ending of what the bytes are, whatever the name said."""
    last = given.replace("\\", "/").rpartition("/")[2].translate(_UNFIT)
    name = "".join(letter for letter in last if letter.isprintable()).strip(" .-")
    endings = KINDS.get(media_type, ())
    stem, ending = PurePosixPath(name).stem.strip(" ."), PurePosixPath(name).suffix.lower()
    if endings and ending not in endings:
        stem, ending = name, endings[0]
    return f"{(stem or 'file')[:LONGEST_NAME].strip(' .')}{ending}"


def wrong_kind(name: str) -> Message:
    return _(
        "{file} is none of these: {kinds}. What counts is what a file holds, not its name.", file=name, kinds=KNOWN
    )


def empty(name: str) -> Message:
    return _("{file} is empty: there is nothing in it to attach.", file=name)


def damaged(name: str) -> Message:
    return _("{file} is not a picture that can be read: it is damaged or incomplete. Save it anew.", file=name)


def flood(name: str) -> Message:
    most = MOST_PIXELS // 1_000_000
    return _("{file} says it has more than {most} million pixels. Save it smaller.", file=name, most=most)


def bomb(name: str) -> Message:
    return _("{file} unpacks to far more than it is. Save it as PDF.", file=name)
