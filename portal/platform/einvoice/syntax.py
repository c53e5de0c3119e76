"""XML by tables: what says how a document is written says how it is read, so neither can forget what the other knows.

A table is a list of parts in the order that its schema asks for. What a reading does not find stays as the model has
it; what a writing does not have is left out. A path is a chain of `prefix:name`; a step that stands last already is
used again. Attributes are bound to fields: `=VALUE` is a constant, `^name` a field of the whole document.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

import msgspec
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] a compiled module without types

from portal.platform.decimals import plain

Element = Any
Names = Mapping[str, str]
MOST_DIGITS: Final = 40


class Unreadable(ValueError):
    """A value is none of its kind; `place` is where it stands."""

    def __init__(self, place: str, value: str) -> None:
        super().__init__(f"{place}: {value[:60]}")
        self.place, self.value = place, value[:60]


class Codec(NamedTuple):
    """How a value becomes text, and text the value; the latter raises ValueError."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _number(text: str) -> Decimal:
    number = Decimal(text) if len(text) <= MOST_DIGITS else None
    if number is None or not number.is_finite():
        raise ValueError(text)
    return number


def _legal(text: str) -> str:
    """Without what XML 1.0 cannot carry (its production 2, Char)."""
    return "".join(sign for sign in text if sign in "\t\n\r" or " " <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd"
                   or sign > "\uffff")  # fmt: skip


TEXT: Final = Codec(_legal, str.strip)
NUMBER: Final = Codec(plain, _number)
DAY: Final = Codec(date.isoformat, lambda text: date.fromisoformat(text[:10]))
# UNTDID 2379, format 102.
DAY_102: Final = Codec(
    lambda day: f"{day:%Y%m%d}", lambda text: datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 a day has no zone
)  # fmt: skip
FLAG: Final = Codec(lambda flag: "true" if flag else "false", lambda text: text in ("true", "1"))


class Leaf(NamedTuple):
    """A field, with what its attributes are bound to."""

    path: str
    name: str
    codec: Codec = TEXT
    attributes: Mapping[str, str] = {}


class Fixed(NamedTuple):
    """What always stands there, and tells a group from others of its name."""

    path: str
    value: str


class Group(NamedTuple):
    """Parts of the same struct that stand together; left out if none of them has a value, unless it is `needed`.

    Of several of its name it is the one that has `having` and does not have `lacking`.
    """

    path: str
    parts: "Sequence[Part]"
    having: str = ""
    lacking: str = ""
    needed: bool = False


class One(NamedTuple):
    """A struct of its own, or None."""

    path: str
    name: str
    struct: type[msgspec.Struct]
    parts: "Sequence[Part]"


class Many(NamedTuple):
    """A tuple of structs."""

    path: str
    name: str
    struct: type[msgspec.Struct]
    parts: "Sequence[Part]"


Part = Leaf | Fixed | Group | One | Many


class Syntax(NamedTuple):
    """A kind of document: its root, its namespaces and its table."""

    root: str
    names: Names
    parts: Sequence[Part]


def write(syntax: Syntax, document: msgspec.Struct) -> bytes:
    """The document as XML; the same one gives the same bytes."""
    root = etree.Element(
        _tag(syntax.root, syntax.names), nsmap={key or None: name for key, name in syntax.names.items()}
    )
    _Writer(syntax.names, document).fill(root, document, syntax.parts)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def read(syntax: Syntax, root: Element, struct: type[Any]) -> Any:
    """The document that stands in the XML; raises Unreadable for a value that is none of its kind."""
    return _Reader(syntax.names).struct(root, struct, syntax.parts)


class _Writer:
    def __init__(self, names: Names, document: msgspec.Struct) -> None:
        self._names, self._document = names, document

    def fill(self, element: Element, struct: Any, parts: Sequence[Part]) -> bool:
        """Whether anything was said that is not fixed."""
        said = [self._put(element, struct, part) for part in parts]
        return any(said)

    def _put(self, element: Element, struct: Any, part: Part) -> bool:
        match part:
            case Fixed():
                self._place(element, part.path).text = part.value
                return False
            case Group():
                child = etree.Element(_tag(part.path.rpartition("/")[2], self._names))
                if (said := self.fill(child, struct, part.parts)) or part.needed:
                    self._within(element, part.path).append(child)
                return said
            case Leaf():
                return self._leaf(element, struct, part, getattr(struct, part.name))
            case One() | Many():
                value = getattr(struct, part.name)
                for each in value if isinstance(part, Many) else (value,) if value is not None else ():
                    self.fill(self._place(element, part.path), each, part.parts)
                return bool(value)

    def _leaf(self, element: Element, struct: Any, part: Leaf, value: Any) -> bool:
        if value is None or value == "":
            return False
        node = self._place(element, part.path)
        node.text = part.codec.write(value)
        for name, bound in part.attributes.items():
            if said := self._bound(struct, bound):
                node.set(name, said)
        return True

    def _bound(self, struct: Any, bound: str) -> str:
        of = self._document if bound[0] == "^" else struct
        return bound[1:] if bound[0] == "=" else getattr(of, bound.lstrip("^"))

    def _place(self, element: Element, path: str) -> Element:
        """Where the path ends; `.` is the element itself."""
        if path == ".":
            return element
        return etree.SubElement(self._within(element, path), _tag(path.rpartition("/")[2], self._names))

    def _within(self, element: Element, path: str) -> Element:
        for step in path.split("/")[:-1]:
            tag = _tag(step, self._names)
            last = element[-1] if len(element) else None
            element = last if last is not None and last.tag == tag else etree.SubElement(element, tag)
        return element


class _Reader:
    def __init__(self, names: Names) -> None:
        self._names = {prefix: name for prefix, name in names.items() if prefix}
        self._document: dict[str, Any] | None = None

    def struct(self, element: Element, struct: type[Any], parts: Sequence[Part]) -> Any:
        said: dict[str, Any] = {}
        if self._document is None:
            self._document = said
        self._take(element, parts, said)
        return struct(**said)

    def _take(self, element: Element, parts: Sequence[Part], said: dict[str, Any]) -> None:
        for part in parts:
            match part:
                case Leaf():
                    self._leaf(element, part, said)
                case Group():
                    if (child := next(self._alike(element, part), None)) is not None:
                        self._take(child, part.parts, said)
                case One():
                    child = element.find(part.path, self._names)
                    if child is not None and (told := self.struct(child, part.struct, part.parts)) != part.struct():
                        said[part.name] = told
                case Many():
                    found = element.findall(part.path, self._names)
                    said[part.name] = tuple(self.struct(child, part.struct, part.parts) for child in found)

    def _alike(self, element: Element, group: Group) -> Iterator[Element]:
        for child in element.findall(group.path, self._names):
            right = all(self._right(child, part) for part in group.parts)
            has = not group.having or child.find(group.having, self._names) is not None
            if right and has and not (group.lacking and child.find(group.lacking, self._names) is not None):
                yield child

    def _right(self, child: Element, part: Part) -> bool:
        """Whether what is constant in a group stands in this one."""
        match part:
            case Fixed():
                return child.findtext(part.path, "", self._names).strip() == part.value
            case Leaf() if any(bound[0] == "=" for bound in part.attributes.values()):
                nodes = child.findall(part.path, self._names)
                return not nodes or any(self._agrees(node, part, {}) for node in nodes)
            case _:
                return True

    def _leaf(self, element: Element, part: Leaf, said: dict[str, Any]) -> None:
        for node in element.findall(part.path, self._names):
            if (node.text or "").strip() and self._agrees(node, part, said):
                said[part.name] = self._value(node, part)
                for name, bound in part.attributes.items():
                    if bound[0] not in "=^" and (value := node.get(name)):
                        said.setdefault(bound, value)
                return

    def _agrees(self, node: Element, part: Leaf, said: Mapping[str, Any]) -> bool:
        """An attribute whose value is known tells it from others of its name."""
        return all(
            self._admits(bound, node.attrib[name], said)
            for name, bound in part.attributes.items()
            if name in node.attrib
        )

    def _admits(self, bound: str, found: str, said: Mapping[str, Any]) -> bool:
        if bound[0] == "=":
            return found == bound[1:]
        if bound[0] == "^":
            return found == (self._document or {}).get(bound[1:])
        return said.get(bound, found) == found

    def _value(self, node: Element, part: Leaf) -> Any:
        text = (node.text or "").strip()
        try:
            return part.codec.read(text)
        except (ValueError, InvalidOperation) as error:
            raise Unreadable(part.path, text) from error


def _tag(step: str, names: Names) -> str:
    prefix, _colon, local = step.rpartition(":")
    return f"{{{names[prefix]}}}{local}"
