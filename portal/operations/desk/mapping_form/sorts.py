"""What sort of value a field holds, as far as a form must know: which boxes make sense, which values are right."""

from datetime import datetime
from typing import Any, NamedTuple

from portal.operations.imports.kinds import PARTS
from portal.platform.fields import CountryCode, CurrencyCode, Day, Language, TaxCategory, UnitCode
from portal.platform.fields.kind import FieldType, Number
from portal.platform.i18n import Message, _
from portal.web.looks import look

CODES = (UnitCode, CountryCode, CurrencyCode, TaxCategory, Language)
YES_NO = (("true", _("Yes")), ("false", _("No")))


class Sort(NamedTuple):
    """`choices` are all values there are, if they are few; `coded`: others' words for them need a map."""

    kind: Any
    is_coded: bool
    is_dated: bool
    choices: tuple[tuple[str, Message | str], ...] = ()
    list: str = ""
    is_number: bool = False

    def takes(self, said: str) -> bool:
        """Whether a text of a file is a value as it stands."""
        if self.choices:
            return said in dict(self.choices)
        return self.kind.takes(said) if isinstance(self.kind, FieldType) else True


def sort_of(part: str, field: str) -> Sort:
    kind = PARTS[part].fields[field].kind
    if isinstance(kind, tuple):
        return Sort(kind, True, False, tuple((code, look(code).label) for code in kind))
    if kind is bool:
        return Sort(kind, True, False, YES_NO)
    if kind in CODES:
        return Sort(kind, True, False, list="units" if kind is UnitCode else "")
    is_type = isinstance(kind, type)
    is_number = isinstance(kind, range) or (is_type and issubclass(kind, Number))
    return Sort(kind, False, is_type and issubclass(kind, Day | datetime), is_number=is_number)
