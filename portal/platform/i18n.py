"""Words in the reader's language.

`_("…")` marks a text and returns a lazy `Message`: it is translated when it is shown, in the language of whoever reads
it, so that one refusal raised in a worker reads well in English and in 简体中文. Catalogues are PO files in
`portal/locales/LANGUAGE/LC_MESSAGES/portal.po`; English texts are their own keys.
"""

from contextvars import ContextVar
from decimal import Decimal
from functools import cache
from typing import Any

from babel.messages.pofile import read_po

from portal.platform.figures import figure
from portal.platform.paths import resource

LANGUAGES = {"en": "English", "zh-Hans": "简体中文"}
_language: ContextVar[str] = ContextVar("portal_language", default="en")


class Message:
    """A text with its parameters; `str()` gives it in the current language."""

    __slots__ = ("parameters", "text")

    def __init__(self, text: str, parameters: dict[str, Any] | None = None) -> None:
        self.text = text
        self.parameters = parameters or {}

    def __str__(self) -> str:
        return gettext(self.text, **self.parameters)

    def __repr__(self) -> str:
        return f"Message({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.text, self.parameters) == (other.text, other.parameters)

    def __hash__(self) -> int:
        return hash(self.text)


def _(text: str, /, **parameters: Any) -> Message:
    """Mark a text for translation. Parameters fill `{name}` places and are shown in the reader's language too: words
    that are Messages, and numbers that are Decimals (`1,000,000`, never an exponent)."""
    return Message(text, parameters)


def gettext(text: str, /, **parameters: Any) -> str:
    """The text in the current language now, its places filled."""
    translated = _catalogue(_language.get()).get(text, text)
    return translated.format(**{name: shown(value) for name, value in parameters.items()}) if parameters else translated


def shown(value: Any) -> Any:
    """A parameter as its reader sees it."""
    return figure(value, _language.get()) if isinstance(value, Decimal) else value


def current_language() -> str:
    return _language.get()


def use_language(language: str) -> None:
    """From here on, in this task, speak `language`; an unknown one falls back to English."""
    _language.set(language if language in LANGUAGES else "en")


@cache
def _catalogue(language: str) -> dict[str, str]:
    path = resource("locales") / language.replace("-", "_") / "LC_MESSAGES" / "portal.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language.replace("-", "_"))
    return {str(m.id): str(m.string) for m in catalogue if m.id and m.string and not m.fuzzy}
