"""Documents from outside that a command is to act on: read whole, or refused with everything that cannot be taken.

Whatever stands in a document and has no place in the portal is named, never dropped: what was read is written again,
and what is missing then was not read.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] a compiled module without types

from portal.platform.einvoice.reading import Garbled, parse
from portal.platform.einvoice.syntax import Syntax, Unreadable, read, write
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError
from portal.platform.refusals import Invalid, TooLarge

MOST_NAMED: Final = 50
CURRENCY: Final = "cbc:DocumentCurrencyCode"
# What is said of the message, not of the matter.
ENVELOPE: Final = frozenset({"cbc:UBLVersionID", "cbc:ProfileExecutionID", "cbc:IssueTime", "cbc:LineCountNumeric"})
_GARBLED: Final[dict[str, Message]] = {
    "doctype": _("The document brings a document type (DOCTYPE) along. Send it without one."),
    "malformed": _("This is no well-formed XML."),
}


class LeftOut(NamedTuple):
    """What a document says and the portal has no place for: where it stands, and its text."""

    path: str
    text: str


def received(data: bytes, syntax: Syntax, struct: type[Any], ignored: Sequence[str] = ()) -> Any:
    """What the document says; `ignored` are paths that the receiver of this kind knows already by itself.

    Raises Invalid with every problem at its place, TooLarge past 10 MB.
    """
    root = root_of(data)
    if root.tag != f"{{{syntax.names['']}}}{syntax.root}":
        raise Invalid.field("", _("This is no UBL 2.1 {kind}.", kind=syntax.root))
    _say_currency(root, syntax)
    document = read_in(root, syntax, struct)
    paths = [each.path for each in left_out(root, syntax, document)]
    if left := [path for path in paths if not any(path == each or path.startswith(f"{each}/") for each in ignored)]:
        raise Invalid(errors=[FieldError(path, _no_place(path)) for path in left[:MOST_NAMED]])
    return document


def root_of(data: bytes) -> Any:
    """The root of XML from outside; raises Invalid, TooLarge past 10 MB."""
    try:
        return parse(data)
    except Garbled as error:
        if str(error) == "large":
            raise TooLarge() from error
        raise Invalid.field("", _GARBLED[str(error)]) from error


def read_in(root: Any, syntax: Syntax, struct: type[Any]) -> Any:
    """The struct that stands in the XML; raises Invalid for a value that is none of its kind."""
    try:
        return read(syntax, root, struct)
    except Unreadable as error:
        told = {"value": error.value, "place": error.place}
        raise Invalid.field(error.place, _("“{value}” cannot be read in {place}.", **told)) from error


def _say_currency(root: Any, syntax: Syntax) -> None:
    """A document that names no currency of its own (an answer may leave it out) is in that of its amounts."""
    if not any(getattr(part, "path", "") == CURRENCY for part in syntax.parts):
        return
    named = root.xpath("string((//@currencyID)[1])")
    if named and root.find(CURRENCY, syntax.names) is None:
        etree.SubElement(root, f"{{{syntax.names['cbc']}}}{CURRENCY.removeprefix('cbc:')}").text = named


def left_out(root: Any, syntax: Syntax, document: Any) -> Iterator[LeftOut]:
    """What of the XML was not read into the document, each path once, with what stands there and is not written."""
    yield from left_out_of(root, etree.fromstring(write(syntax, document)), syntax)


def left_out_of(root: Any, again: Any, syntax: Syntax) -> Iterator[LeftOut]:
    """What of an element is missing in the same one, written again."""
    prefixes = {name: f"{prefix}:" for prefix, name in syntax.names.items() if prefix}
    taken = _by_path(again, prefixes)
    for path, texts in _by_path(root, prefixes).items():
        written = taken.get(path, [])
        if len(texts) > len(written) and path not in ENVELOPE:
            known = set(written)
            yield LeftOut(path, "; ".join(text for text in texts if text not in known) or texts[-1])


def _no_place(path: str) -> Message:
    return _("The portal has no place for {path}. Leave it out, or say it in the note.", path=path)


def _by_path(root: Any, prefixes: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, text in _leaves(root, prefixes):
        found.setdefault(path, []).append(text)
    return found


def _leaves(element: Any, prefixes: dict[str, str], above: str = "") -> Iterator[tuple[str, str]]:
    """All that says something, by its path, once for each time."""
    for child in element:
        name = etree.QName(child)
        path = f"{above}{prefixes.get(name.namespace, '')}{name.localname}"
        if len(child):
            yield from _leaves(child, prefixes, f"{path}/")
        elif text := (child.text or "").strip():
            yield path, text
