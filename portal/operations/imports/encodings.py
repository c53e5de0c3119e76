"""In which encoding a text is written, found out from its beginning: by its mark, its zeros, or its letters."""

import codecs
import re
from contextlib import suppress

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHINESE = re.compile(rb"(?:[\xa1-\xa9\xb0-\xf7][\xa1-\xfe]){2,}")  # two of the usual characters, or more
ODD = frozenset(("idna", "punycode", "undefined", "unicode-escape", "unicode_escape", "raw-unicode-escape", "mbcs"))
WIDE = 0.6  # the share of letters that Western texts, and tables of numbers, have in UTF-16


def marked(start: bytes) -> str | None:
    """The encoding that a byte order mark says, or that every other byte being NUL does."""
    said = next((name for mark, name in MARKS if start.startswith(mark)), None)
    even, odd = start[::2].count(0), start[1::2].count(0)
    if said is None and len(start) > 3 and max(even, odd) > WIDE * len(start) / 2 and not min(even, odd):
        return "utf-16-be" if even else "utf-16-le"
    return said


def national(start: bytes) -> str:
    """Of what is no Unicode: GB 18030, if its characters follow each other as no Western letters do, else Latin-1 with
    the signs that Windows has besides."""
    foreign = sum(byte > 127 for byte in start)
    if foreign and sum(map(len, CHINESE.findall(start))) * 2 > foreign:
        with suppress(UnicodeDecodeError):
            codecs.getincrementaldecoder("gb18030")().decode(start)
            return "gb18030"
    return "cp1252"


def shown(encoding: str) -> str:
    """What people call it."""
    return {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "gb18030": "GB 18030"}.get(encoding, encoding.upper())


def is_text(encoding: str) -> bool:
    """Whether it is an encoding of texts that files have: neither a transformation of bytes nor of programs' texts."""
    try:
        found = codecs.lookup(encoding)
        return found._is_text_encoding and found.name not in ODD and bool("Nr;1".encode(encoding))
    except (LookupError, ValueError):
        return False


def is_wide(encoding: str) -> bool:
    """Whether NUL bytes are ordinary in it."""
    return codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
