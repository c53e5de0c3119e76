"""Which kind an import is of and which mapping it has: asked for, kept under a name, or proposed."""

from collections.abc import Mapping as MappingOf
from typing import NamedTuple
from uuid import UUID

import msgspec

from portal.access.guards import NotInRole, allowed
from portal.operations.desk import queries
from portal.operations.desk.drafts import Draft, bound, proposed, stored
from portal.operations.desk.glance import Glance
from portal.operations.desk.reception import look_again
from portal.operations.desk.samples import samples
from portal.operations.desk.tables import FileImport
from portal.operations.imports.mapping import EVERYTHING, Format, Mapping
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.work import Change, viewing

HISTORY = ("orders", "receipts", EVERYTHING)
KINDS = ("suppliers", "items", "prices", "orders", "receipts")


class HistoryNotTheirs(NotInRole):
    """Told so that whoever only left open what the files hold knows what to do."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.message = _(
            "These files seem to hold orders or goods receipts. Only administrators bring those, for they come in "
            "without anybody’s approval here. If the files hold something else, choose it under “What they hold”."
        )


class Wish(NamedTuple):
    """What whoever brings files says of them already; what is left open is found out. `written`: in which encoding and
    with which delimiter the files are read that a mapping is proposed for."""

    kind: str = ""
    mapping: Mapping | None = None
    mapping_id: UUID | None = None
    written: Format | None = None


class Chosen(NamedTuple):
    """A wish with its mapping at hand; `name` and `number` are of a kept one."""

    kind: str
    mapping: Mapping | None
    name: str = ""
    number: int | None = None
    written: Format | None = None


async def chosen(actor: Actor, wish: Wish) -> Chosen:
    if wish.mapping_id is None:
        return Chosen(wish.kind, wish.mapping, written=wish.mapping.format if wish.mapping else wish.written)
    async with viewing(actor) as view:
        kept = await queries.mapping_named(view, wish.mapping_id)
        mapping = await queries.mapping_body(view, kept.id)
        return Chosen(wish.kind, mapping, kept.name, kept.latest, mapping.format)


async def as_written(
    actor: Actor, files: MappingOf[str, UUID], glances: MappingOf[str, Glance], choice: Chosen
) -> dict[str, Glance]:
    """Text files as they are to be read, where that is not how they were looked at."""
    return await look_again(actor, files, glances, choice.written) if choice.written is not None else {}


def require_kind(change: Change, kind: str) -> None:
    """Orders and receipts of the past came about without anybody's approval here, so not everybody brings them."""
    change.require("imports:run")
    if kind in HISTORY and not allowed(change.actor, "imports:history"):
        raise HistoryNotTheirs("imports:history")


def give(change: Change, row: FileImport, glances: MappingOf[str, Glance], choice: Chosen) -> None:
    """Give the import its kind and its mapping, bound to its files."""
    sources, mapping = samples(glances), choice.mapping
    name, number = choice.name, choice.number
    if mapping is None:
        draft = proposed(sources, choice.kind, choice.written) if sources else Draft(choice.kind, Mapping(name=""))
        here = msgspec.structs.replace(draft.mapping.format, time_zone=change.actor.time_zone)
        draft = draft._replace(mapping=msgspec.structs.replace(draft.mapping, format=here))
    else:
        kinds = kinds_of(mapping)
        kind = choice.kind or (EVERYTHING if len(kinds) > 1 else next(iter(kinds), ""))
        is_known = kind in kinds or (kind == EVERYTHING and bool(kinds))
        draft = Draft(kind, bound(mapping, kind, sources) if is_known else mapping)
        if not name:
            is_same = stored(mapping) == row.mapping
            name, number = (row.mapping_name, row.mapping_number) if is_same else (mapping.name, None)
    if draft.kind:
        require_kind(change, draft.kind)
    row.kind, row.mapping = draft.kind, stored(draft.mapping)
    row.priced = row.priced or row.kind in queries.PRICED
    row.mapping_name, row.mapping_number = name, number


def kinds_of(mapping: Mapping) -> list[str]:
    """The kinds that a mapping has a table for."""
    return [name for name in KINDS if getattr(mapping, name)]
