"""Addresses as they may be kept: what names a record stays, what opens a door does not.

A link from a mail carries its token in the address, and whoever reads it can use it. So of an address only its route
is kept, with the parts that name something: ids, figures, and the words in `NAMING`. Every other text, and all of an
address that no route has, stands there by what it is called.
"""

import re
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, unquote

from portal.platform.ids import id_of

# Texts in addresses that name a thing. One that is not here is told as `{its name}`, so a new one is hidden at first.
NAMING: Final = frozenset({"answer", "digest", "key", "kind", "name", "path", "role", "what"})
UNKNOWN: Final = "{unknown}"
_PART: Final = re.compile(r"\{(\w+)\}")


def path_of(scope: Any) -> str:
    """The path of a request without what is secret in it, as plain ASCII."""
    template = scope.get("path_template")
    if template is None:
        return _unrouted(scope["path"], scope["litestar_app"])
    return _PART.sub(lambda part: _value(part[1], scope["path_params"]), template)


def query_of(scope: Any, *, is_public: bool) -> str:
    """The query of a request. Of a route that is open to everybody, and of none, only which parts it had: a provider's
    code stands in one. An address in another is told like every address."""
    parts = [part.partition("=") for part in scope["query_string"].decode("latin-1").split("&") if part]
    if is_public:
        return "&".join(name for name, _is, _value in parts)
    return "&".join(name + given + _within(value, scope["litestar_app"]) for name, given, value in parts)


def holds_secret(scope: Any) -> bool:
    """Whether the address itself opens something: it is then named to nobody, our own pages included."""
    return any(name not in NAMING for name, value in scope.get("path_params", {}).items() if isinstance(value, str))


def _value(name: str, params: dict[str, Any]) -> str:
    value = params.get(name, UNKNOWN)
    return f"{{{name}}}" if isinstance(value, str) and name not in NAMING else _plain(str(value))


def _within(value: str, app: Any) -> str:
    address = unquote(value)
    return quote(_unrouted(address.partition("?")[0], app), safe="/{}") if address.startswith("/") else value


def _unrouted(path: str, app: Any) -> str:
    """Of a path that is no route's: the words that routes have, and ids."""
    words = _words(app)
    return "/".join(part if part in words or str(id_of(part)) == part.lower() else UNKNOWN for part in path.split("/"))


@lru_cache(maxsize=4)
def _words(app: Any) -> frozenset[str]:
    """All that stands in the portal's own addresses."""
    parts = {part for route in app.routes for part in route.path_format.split("/")}
    return frozenset(part for part in parts if "{" not in part)


def _plain(text: str) -> str:
    return quote(text.encode("utf-8", "replace"), safe="-_.~:@!$&'()*+,;=")
