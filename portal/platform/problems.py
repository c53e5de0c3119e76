"""What is wrong with an input, all of it at once: field by field, in sentences for the person who filled it in."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict

from portal.platform.i18n import Message

MOST: Final = 10_000


class FieldError(Struct, frozen=True):
    """One problem. `field` is the dotted path as the input was named (`lines.0.quantity`), empty for the whole."""

    field: str
    message: Message | str


class Problems(Exception):
    """An input that cannot be read; carries every problem found, never none and at most MOST."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = list(errors)[:MOST]
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in self.errors[:3]))

    def __reduce__(self) -> tuple[Any, ...]:
        """It crosses from one process to another as what it was made of."""
        return type(self), (self.errors,)


def problem(field: str, message: Message | str) -> Problems:
    """A single problem, ready to raise."""
    return Problems([FieldError(field, message)])


class Together(Struct, forbid_unknown_fields=True, kw_only=True):
    """A form whose fields say something about each other, which is told beside what is wrong with each alone."""

    @classmethod
    def together(cls, said: Mapping[str, Any]) -> Iterable[FieldError]:
        """Problems of the fields that could be read: `said` has those alone, and not what was left out."""
        return ()

    def __post_init__(self) -> None:
        if found := list(self.together(asdict(self))):
            raise Problems(found)
