"""Messages that are translated when they are shown, not when they are made.

`_("Only {n} left", n=3)` marks a sentence for gettext and remembers its values; `str()` puts it into the reader's
language. A stand-in until the catalogue is wired: it answers in English.
"""

from typing import Any


class Message:
    """A sentence for a person, still without a language."""

    __slots__ = ("template", "values")

    def __init__(self, template: str, values: dict[str, Any]) -> None:
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values) if self.values else self.template

    def __repr__(self) -> str:
        return f"_({str(self)!r})"


def _(template: str, **values: Any) -> Message:
    return Message(template, values)
