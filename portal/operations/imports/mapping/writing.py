"""Writing a mapping down as a TOML file that `decode` reads back as the same mapping."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from portal.operations.imports.mapping.shape import Format, Mapping

BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
# Below these a table stands within one line, as people write it: `unit = { column = "ME", map = "units" }`.
ENTRIES = ("fields", "derived")
WIDTH = 100


def encode(mapping: Mapping) -> str:
    """The mapping as TOML, without what it leaves to chance."""
    raw = msgspec.to_builtins(mapping)
    if mapping.format == Format():
        raw.pop("format", None)
    return "\n".join(_section(raw, ())).strip() + "\n"


def _section(table: dict[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    inline = path[-1:] and path[-1] in ENTRIES
    inner = {name: value for name, value in table.items() if isinstance(value, dict) and not inline}
    own = {name: value for name, value in table.items() if name not in inner}
    if path and (own or not inner):
        yield f"\n[{'.'.join(map(_key, path))}]"
    for name, value in own.items():
        yield f"{_key(name)} = {_value(value)}"
    for name, value in inner.items():
        yield from _section(value, (*path, name))


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_key(name)} = {_value(each)}' for name, each in value.items())} }}"
    if isinstance(value, list | tuple):
        items = [_value(each) for each in value]
        line = f"[{', '.join(items)}]"
        return line if len(line) <= WIDTH else "[\n" + "".join(f"  {item},\n" for item in items) + "]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for DEL, which TOML wants escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
