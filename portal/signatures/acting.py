"""What in a PDF acts or hides instead of saying: looked for in its parsed objects, whatever way they are written."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from portal.signatures.rules import ACTIVE_ACTS, ACTIVE_KEYS, FORM_FIELDS


def active_parts(pdf: bytes) -> list[str]:
    """The names of what was found, each once; `unread` where that cannot be told. Names are decoded, and objects within
    object streams are looked at."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return sorted({name for each in opened.objects for name in _of(each)} | set(_opening(opened)))
    except pikepdf.PdfError:
        return ["unread"]


def _of(given: Any, depth: int = 0) -> Iterator[str]:
    """What this object and those written within it are; what it refers to is looked at by itself."""
    if depth > 20:
        return
    if isinstance(given, pikepdf.Array):
        for part in given:
            if isinstance(part, pikepdf.Object) and not part.is_indirect:
                yield from _of(part, depth + 1)
        return
    if not isinstance(given, pikepdf.Dictionary | pikepdf.Stream):
        return
    for name, part in given.items():
        if name in ACTIVE_KEYS:
            yield name
        if name == "/S" and str(part) in ACTIVE_ACTS:
            yield str(part)
        if name == "/FT" and str(part) in FORM_FIELDS:
            yield str(part)
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield from _of(part, depth + 1)


def _opening(opened: pikepdf.Pdf) -> Iterator[str]:
    """An act of opening that leads anywhere but to a place in the document itself."""
    act = opened.Root.get("/OpenAction")
    if isinstance(act, pikepdf.Dictionary) and str(act.get("/S")) != "/GoTo":
        yield "/OpenAction"
