"""What proposing, deciding and applying share: the subject's row, which is the lock, its day, its last version."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from piccolo.columns import Numeric

from portal.platform.decimals import plain
from portal.platform.refusals import NotFound
from portal.platform.wiring import SETTINGS, SettingKind
from portal.platform.work import Change
from portal.platform.work.rows import Row, reader_of
from portal.settings.events import SettingApplied
from portal.settings.tables import SettingVersion

_TODAY = "select (portal.now() at time zone time_zone)::date from organisation where id = $1"
_LAST = "select * from portal.setting_on($1, $2, $3, coalesce($4::date, 'infinity'))"


async def row_of(change: Change, kind: SettingKind, subject_id: UUID) -> Row:
    """The row that the setting is of, only its owner's. Its lock is the setting's: of two who decide at once one is
    first, and whoever takes away holds it before they come here."""
    condition = f"{kind.owner} = $1 and {kind.named} = $2 for no key update"
    found = await change.rows(kind.row_type, condition, change.actor.organisation_id, subject_id)
    if not found:
        raise NotFound()
    return found[0]


def value_of(kind: SettingKind, row: Row) -> dict[str, Any]:
    """The row's own values as versions say them: decimals as exact text, without zeros behind."""
    return {column: said(getattr(row, column)) for column in kind.columns}


def said(value: Any) -> Any:
    return plain(value.normalize()) if isinstance(value, Decimal) else value


def write_value(change: Change, kind: SettingKind, row: Row, version: SettingVersion) -> None:
    """The version's value into the row's columns; what follows from it follows where anything moved.

    The row's own history tells it, unless another organisation reads that too.
    """
    before, value = value_of(kind, row), version.value
    for column in kind.columns:
        numeric = isinstance(kind.row_type._meta.get_column_by_name(column), Numeric)
        setattr(row, column, Decimal(value[column]) if numeric and value[column] is not None else value[column])
    change.write(row)
    if before != dict(value) and reader_of(row) is None:
        change.record(SettingApplied(version.id, version.kind, version.concerns), row)
    if kind.applied is not None and before != dict(value):
        kind.applied(change, row, before)


async def today_of(change: Change) -> date:
    """What day it is for the company."""
    return await change.value(_TODAY, change.actor.organisation_id)


async def last_of(change: Change, kind: str, subject_id: UUID) -> SettingVersion | None:
    """The last version that was approved, whether its day has come or not."""
    return await last_of_day(change, kind, subject_id, None)


async def last_of_day(change: Change, kind: str, subject_id: UUID, day: date | None) -> SettingVersion | None:
    """The approved version that the setting has its value of a day by."""
    found = await change.one(_LAST, change.actor.organisation_id, kind, subject_id, day)
    return None if found is None else SettingVersion.of(dict(found))


def kind_of(name: str) -> SettingKind:
    if name not in SETTINGS:
        raise NotFound()
    return SETTINGS[name]
