"""Documents from outside that a command is to act on: read whole, or refused with everything that cannot be taken.

Whatever stands in a document and has no place in the portal is named, never dropped: what was read is written again,
and what is missing then was not read.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] a compiled module without types

from portal.platform.einvoice.reading import Garbled, parse
from portal.platform.einvoice.syntax import Syntax, Unreadable, read, write
from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError
from portal.platform.refusals import Invalid, TooLarge

MOST_NAMED: Final = 50
# What is said of the message, not of the matter.
ENVELOPE: Final = frozenset({"cbc:UBLVersionID", "cbc:ProfileExecutionID", "cbc:IssueTime", "cbc:LineCountNumeric"})
_GARBLED: Final[dict[str, Message]] = {
    "doctype": _("The document brings a document type (DOCTYPE) along. Send it without one."),
    "malformed": _("This is no well-formed XML."),
}


def received(data: bytes, syntax: Syntax, struct: type[Any], ignored: Sequence[str] = ()) -> Any:
    """What the document says; `ignored` are paths that the receiver of this kind knows already by itself.

    Raises Invalid with every problem at its place, TooLarge past 10 MB.
    """
    root = _root(data, syntax)
    try:
        document = read(syntax, root, struct)
    except Unreadable as error:
        raise Invalid.field(
            error.place, _("“{value}” cannot be read in {place}.", value=error.value, place=error.place)
        ) from error
    if left := list(_unread(root, syntax, document, ignored)):
        raise Invalid(errors=[FieldError(path, _no_place(path)) for path in left[:MOST_NAMED]])
    return document


def _no_place(path: str) -> Message:
    return _("The portal has no place for {path}. Leave it out, or say it in the note.", path=path)


def _root(data: bytes, syntax: Syntax) -> Any:
    try:
        root = parse(data)
    except Garbled as error:
        if str(error) == "large":
            raise TooLarge() from error
        raise Invalid.field("", _GARBLED[str(error)]) from error
    if root.tag != f"{{{syntax.names['']}}}{syntax.root}":
        raise Invalid.field("", _("This is no UBL 2.1 {kind}.", kind=syntax.root))
    return root


def _unread(root: Any, syntax: Syntax, document: Any, ignored: Sequence[str]) -> Iterator[str]:
    prefixes = {name: f"{prefix}:" for prefix, name in syntax.names.items() if prefix}
    said = Counter(_leaves(root, prefixes))
    taken = Counter(_leaves(etree.fromstring(write(syntax, document)), prefixes))
    for path in said - taken:
        if path not in ENVELOPE and not any(path == each or path.startswith(f"{each}/") for each in ignored):
            yield path


def _leaves(element: Any, prefixes: dict[str, str], above: str = "") -> Iterator[str]:
    """The paths of all that says something, once for each time."""
    for child in element:
        name = etree.QName(child)
        path = f"{above}{prefixes.get(name.namespace, '')}{name.localname}"
        if len(child):
            yield from _leaves(child, prefixes, f"{path}/")
        elif (child.text or "").strip():
            yield path
