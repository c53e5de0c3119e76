"""What updates did to a PDF since an earlier revision of it: added signatures, or changed what it shows.

Judged as updates behind a signature are (ETSI EN 319 142-1, 5.5 leaves it to the verifier; the rules are pyHanko's),
each of them by itself: what one brings and the next takes away again was shown to somebody, too. Runs inside the
examiner.
"""

import io
from collections.abc import Iterator
from typing import Any, Final

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, NumberObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, SuspiciousModification
from pyhanko.sign.fields import enumerate_sig_fields

CHANGED: Final[dict[Any, str]] = {
    ModificationLevel.NONE: "nothing",
    ModificationLevel.LTA_UPDATES: "signatures",
    ModificationLevel.FORM_FILLING: "signatures",
}


def added(reader: PdfFileReader, before: bytes) -> str:
    """What came since the file was `before`, whose bytes it begins with: `signatures` or `other`."""
    earlier = PdfFileReader(io.BytesIO(before), strict=False)
    base = earlier.xrefs.total_revisions - 1
    if not _rests_on(reader, earlier) or any(_drawn(reader, set(_places(earlier)))):
        return "other"
    old: Any = reader.get_historical_resolver(base)
    if "/AcroForm" not in old.root:  # the first signature makes the form; the rules only know forms that grow
        old.root["/AcroForm"] = DictionaryObject({NameObject("/Fields"): ArrayObject()})
    # that there are signatures, and that they bear no rewriting, is said with the first one (ISO 32000-1, 12.7.2)
    old.root["/AcroForm"][NameObject("/SigFlags")] = _number(reader, "/AcroForm", "/SigFlags")
    found = DEFAULT_DIFF_POLICY.review_file(reader, old)
    return "other" if isinstance(found, SuspiciousModification) else CHANGED.get(found.modification_level, "other")


def _rests_on(reader: PdfFileReader, earlier: PdfFileReader) -> bool:
    """Whether the tables of objects go on from those of the earlier file (ISO 32000-1, 7.5.6). A file may begin with
    its bytes and yet lead past them, to a table of its own behind: then it shows another document."""
    count = earlier.xrefs.total_revisions
    return reader.xrefs.total_revisions > count and all(
        reader.xrefs.get_startxref_for_revision(number) == earlier.xrefs.get_startxref_for_revision(number)
        for number in range(count)
    )


def _places(reader: PdfFileReader) -> Iterator[tuple[str, Any]]:
    return ((name, field.reference) for name, _value, field in enumerate_sig_fields(reader, filled_status=None))


def _drawn(reader: PdfFileReader, known: set[tuple[str, Any]]) -> Iterator[bool]:
    """Of places for signatures that came later, whether they are seen: such a mark covers what stands under it."""
    for name, _value, place in enumerate_sig_fields(reader, filled_status=None):
        if (name, place.reference) not in known:
            field: Any = place.get_object()
            for shown in (field, *(kid.get_object() for kid in field.get("/Kids", ()))):
                left, bottom, right, top = map(float, shown.get("/Rect", (0, 0, 0, 0)))
                yield left != right and bottom != top


def _number(reader: Any, *path: str) -> Any:
    """The number at the end of a path from the root, 0 if there is none."""
    place = reader.root
    for key in path:
        if key not in place:
            return NumberObject(0)
        place = place[key]
    return place
