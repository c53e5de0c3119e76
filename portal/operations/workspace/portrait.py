"""A record of the past as people read it: each row under its heading, its fields in order, and what is unknown."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from portal.audit.fields import FIELDS
from portal.audit.kinds import TABLES
from portal.audit.labels import is_technical, label
from portal.audit.values import OF, is_of_person, shown
from portal.operations.workspace.past import Known, Past
from portal.platform.i18n import Message, _

_PLACE = {name: place for place, name in enumerate(FIELDS)}


class Portrait(NamedTuple):
    """One row: what it is, its fields with their values, and the labels of those unknown or taken from today."""

    heading: Message | str
    name: str
    fields: list[tuple[Message | str, Any]]
    unknown: list[Message | str]
    assumed: list[Message | str]


def portrayed(past: Past, names: Mapping[str, str]) -> list[Portrait]:
    common = next((row.values for row in past.rows if row.values.get("currency")), {})
    return [
        _portrait(row, {"currency": common.get("currency", ""), **row.values, OF: row.table}, names)
        for row in past.rows
    ]


def ids_in(past: Past) -> tuple[list[UUID], list[UUID]]:
    """People and organisations that the values name."""
    people = [UUID(v) for row in past.rows for name, v in row.values.items() if v and is_of_person(name)]
    firms = ("shown_to", "organisation_id", "buyer_id", "supplier_id")
    return people, [UUID(row.values[name]) for row in past.rows for name in firms if row.values.get(name)]


def _portrait(row: Known, values: dict[str, Any], names: Mapping[str, str]) -> Portrait:
    telling = sorted((name for name in row.values if not is_technical(name)), key=lambda n: (_PLACE.get(n, 999), n))
    fields = [(label(name), shown(name, values[name], values, names)) for name in telling]
    place = _("Line {n}", n=values["line"]) if values.get("line") else ""
    called = values.get("description") or values.get("full_name") or ("" if place else values.get("number"))
    name = " · ".join(str(part) for part in (place, called) if part)
    heading = TABLES.get(row.table) or row.table.replace("_", " ").capitalize()
    told = [(title, value) for title, value in fields if value not in ("", _("No"))]
    apart = ([label(each) for each in names_] for names_ in (row.unknown, row.assumed))
    return Portrait(heading, name, told, *apart)
