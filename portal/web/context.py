"""What every page knows about its request without being told: who reads it, in which language, and where they are.

The app's middleware sets `current` once per request; formats, links and layouts read it. Outside a request (mails,
documents, tests) the default applies: English, UTC, nobody signed in.
"""

from contextvars import ContextVar
from uuid import UUID

import msgspec

from portal.platform.actor import Actor
from portal.platform.i18n import Message

THEMES = ("system", "light", "dark")


class MenuItem(msgspec.Struct, frozen=True):
    """One entry of the main menu; `badge` counts what waits there, nothing is shown for 0."""

    title: Message | str
    href: str
    icon: str
    badge: int = 0


class Organisation(msgspec.Struct, frozen=True):
    """One of the organisations a person may act for."""

    id: UUID
    name: str


class Flash(msgspec.Struct, frozen=True):
    """A sentence shown once on top of the next page; `tone` is success, info, warning or danger."""

    text: Message | str
    tone: str = "success"


class PageContext(msgspec.Struct, frozen=True, kw_only=True):
    """All that layouts and formats need. `query` keeps the address's parameters in their order."""

    actor: Actor | None = None
    csrf: str = ""
    path: str = "/"
    query: tuple[tuple[str, str], ...] = ()
    menu: tuple[MenuItem, ...] | list[MenuItem] = ()
    organisations: tuple[Organisation, ...] | list[Organisation] = ()
    language: str = "en"
    time_zone: str = "UTC"
    theme: str = "system"
    flash: tuple[Flash, ...] | list[Flash] = ()
    product: str = "Portal"
    request_id: str = ""

    def has(self, parameter: str) -> bool:
        return any(name == parameter and value for name, value in self.query)

    def is_at(self, href: str) -> bool:
        """Whether the reader is on that menu entry's page or below it."""
        return self.path == href or (href != "/" and self.path.startswith(href + "/"))


current: ContextVar[PageContext] = ContextVar("portal_page_context", default=PageContext())  # noqa: B039 it is frozen
