"""Which characters the press can show: those of every font that fontconfig offers it, ours and the system's.

A character that none of them has would come out as a box: a document that says something else than its record. So a
sheet is looked through before it is set, which costs less than a millisecond a page.
"""

import ctypes
import logging
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

LIBRARY: Final = "libfontconfig.1.dylib" if sys.platform == "darwin" else "libfontconfig.so.1"
SYSTEM: Final = 0  # FcSetSystem: the fonts of the configuration
FOUND: Final = 0  # FcResultMatch
UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})  # categories of what is shown as nothing, or as room
SELECTORS: Final = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))  # they choose a form, and are seen by no one
Has = Callable[[str], bool]


class _FontSet(ctypes.Structure):
    _fields_ = (("count", ctypes.c_int), ("room", ctypes.c_int), ("fonts", ctypes.POINTER(ctypes.c_void_p)))


def coverage() -> Has:
    """Whether some font has a character; fontconfig is asked once for all of them."""
    library = _library()
    every, own = library.FcCharSetCreate(), ctypes.c_void_p()
    found = library.FcConfigGetFonts(None, SYSTEM).contents
    for font in found.fonts[: found.count]:
        if library.FcPatternGetCharSet(font, b"charset", 0, ctypes.byref(own)) == FOUND:
            library.FcCharSetMerge(every, own, None)
    return lambda character: bool(library.FcCharSetHasChar(every, ord(character)))


def font_files() -> list[str]:
    """The files of all fonts that fontconfig offers."""
    library, named = _library(), ctypes.c_char_p()
    found = library.FcConfigGetFonts(None, SYSTEM).contents
    fonts = found.fonts[: found.count]
    files = [
        library.FcPatternGetString(font, b"file", 0, ctypes.byref(named)) == FOUND and named.value for font in fonts
    ]
    return [os.fsdecode(file) for file in files if file]


def lacking(text: str, has: Has) -> str:
    """The characters of a text that no font has, each once. A mark that melts into its letter needs none of its own."""
    unknown = {each for each in set(text) if _seen(each) and not has(each)}
    if any(unicodedata.combining(each) for each in unknown):
        unknown &= {each for each in unknown if not unicodedata.combining(each)} | set(
            unicodedata.normalize("NFC", text)
        )
    return "".join(sorted(unknown))


@contextmanager
def boxes() -> Iterator[list[str]]:
    """What was set as a box all the same, by what WeasyPrint says while it draws: shaping may need more than a
    character's own glyph."""
    drawn: list[str] = []

    class Noting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if ".notdef" in record.msg and isinstance(record.args, tuple):
                drawn.append(str(record.args[0]))

    told, noting = logging.getLogger("weasyprint"), Noting(logging.WARNING)
    told.addHandler(noting)
    try:
        yield drawn
    finally:
        told.removeHandler(noting)


def _seen(character: str) -> bool:
    if character.isascii() or unicodedata.category(character) in UNSEEN:
        return False
    return not any(ord(character) in each for each in SELECTORS)


def _library() -> Any:
    library = ctypes.CDLL(LIBRARY)
    library.FcConfigGetFonts.restype = ctypes.POINTER(_FontSet)
    library.FcConfigGetFonts.argtypes = (ctypes.c_void_p, ctypes.c_int)
    library.FcCharSetCreate.restype = ctypes.c_void_p
    library.FcCharSetMerge.argtypes = (ctypes.c_void_p,) * 3
    library.FcCharSetHasChar.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    library.FcPatternGetString.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p)
    library.FcPatternGetCharSet.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p)
    return library
