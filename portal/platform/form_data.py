"""Fields of an HTML form, nested as their names say: `lines.0.quantity=3` becomes `{"lines": [{"quantity": "3"}]}`.

A blank field is an absent one: a browser sends every empty box. A name sent several times is a list. Rows may have
gaps, as when the page took one out; they close up, so an error's path names the row's new place, which is how the page
shows the form again.
"""

import re
from typing import Any, Final

from portal.platform.i18n import _
from portal.platform.json_body import joined
from portal.platform.problems import FieldError, Problems, problem

FIELDS: Final = 20_000
ROWS: Final = 3_000
DEEPEST: Final = 4

_ROW: Final = re.compile("0|[1-9][0-9]{0,3}")


def from_form(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """The nested form; raises Problems for too many fields or rows, too deep a name, a field that is also a group."""
    if len(pairs) > FIELDS:
        raise problem("", _("This form has more than {limit} fields.", limit=FIELDS))
    root: dict[str, Any] = {}
    errors = [FieldError(joined("", name), refusal) for name, value in pairs if (refusal := _put(root, name, value))]
    if errors:
        raise Problems(errors)
    return {name: _closed_up(value, joined("", name)) for name, value in root.items()}


def _put(root: dict[str, Any], name: str, value: str) -> Any:
    """Puts one value in its place; answers with the refusal if it has none."""
    *groups, last = name.split(".", DEEPEST + 1)
    if len(groups) > DEEPEST:
        return _("This name is nested too deep.")
    if not value.strip():
        return None
    place = root
    for group in groups:
        place = place.setdefault(group, {})
        if not isinstance(place, dict):
            return _("This is a field and a group of fields at once.")
    present = place.get(last)
    if isinstance(present, dict):
        return _("This is a field and a group of fields at once.")
    if isinstance(present, list):
        present.append(value)
    else:
        place[last] = value if present is None else [present, value]
    return None


def _closed_up(value: Any, path: str) -> Any:
    """Groups whose names are all row numbers become lists, in the order of the numbers."""
    if not isinstance(value, dict):
        return value
    if not all(map(_ROW.fullmatch, value)):
        return {name: _closed_up(item, joined(path, name)) for name, item in value.items()}
    if len(value) > ROWS:
        raise problem(path, _("This form has more than {limit} rows.", limit=ROWS))
    return [_closed_up(value[row], joined(path, row)) for row in sorted(value, key=int)]
