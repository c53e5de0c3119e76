"""What every page knows about its request without being told: who reads it, in which language, and where they are.

The app's middleware sets `current` once per request; formats, links and layouts read it. Outside a request (mails,
documents, tests) the default applies: English, UTC, nobody signed in.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import msgspec

from portal.platform.actor import Actor
from portal.platform.i18n import Message
from portal.web.forms import Form

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


def nobody_may(_permission: str, _thing: Any = None) -> bool:
    return False


class Refused(msgspec.Struct, frozen=True):
    """An act on the page shown that could not be taken as it was sent: where it was sent to, and its form."""

    action: str
    form: Form


class PageContext(msgspec.Struct, frozen=True, kw_only=True):
    """All that layouts and formats need. `query` keeps the address's parameters in their order. `may` says which pages
    the reader may open, by permission, so that no link leads to a refusal. `refused` is an act to be corrected on the
    page.
    """

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
    may: Callable[..., bool] = nobody_may
    refused: Refused | None = None

    def has(self, parameter: str) -> bool:
        return any(name == parameter and value for name, value in self.query)

    def refused_at(self, action: str) -> Form:
        """The form that was refused there; an empty one otherwise."""
        return self.refused.form if self.refused and self.refused.action == action else Form()

    def place(self) -> str:
        """The menu entry whose page the reader is on, or below it: of several, the longest that fits."""
        return max((item.href for item in self.menu if self._below(item.href)), key=len, default="")

    def _below(self, href: str) -> bool:
        return self.path == href or (href != "/" and self.path.startswith(href + "/"))


current: ContextVar[PageContext] = ContextVar("portal_page_context", default=PageContext())  # noqa: B039 it is frozen


def correcting(path: str, action: str, form: Form) -> None:
    """From here on this request's page is the one at `path`, and shows what is wrong with the act sent to `action`."""
    current.set(msgspec.structs.replace(current.get(), path=path, query=(), refused=Refused(action, form)))
