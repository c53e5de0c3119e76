"""From the files that lie there to a mapping for them: proposed from their headers, or a kept one, bound to them.

A mapping names files, and the next month's file has another name. Binding finds the file that a table means: by its
name, else by the columns that the table wants of it.
"""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from typing import Any, NamedTuple

import msgspec

from portal.operations.desk.samples import Sample, holding
from portal.operations.imports.kinds import KINDS, PARTS
from portal.operations.imports.mapping import EVERYTHING, Format, Mapping, OrderTable, Table, Unusable, decode
from portal.operations.imports.propose import Proposal, likely, propose
from portal.platform.i18n import _

MAIN = tuple(KINDS)
CAME = ("received", "accepted", "rejected", "delivered_at")


class Draft(NamedTuple):
    """What an import is going to be: its kind and its mapping; `fit` says how well it was guessed."""

    kind: str
    mapping: Mapping
    fit: float = 1.0


def proposed(sources: Sequence[Sample], kind: str = "", written: Format | None = None) -> Draft:
    """The best guess for these files together; of the kinds the one whose needs they fit best, if none is given.
    `written` is how somebody says that the files are read."""
    if kind == EVERYTHING:
        draft = _everything(sources)
    else:
        drafts = [_draft(sources, each) for each in ([kind] if kind in MAIN else MAIN)]
        draft = max(drafts, key=lambda draft: draft.fit + max((likely(s, draft.kind) for s in sources), default=0.0))
    if written is None:
        return draft
    how = msgspec.structs.replace(draft.mapping.format, encoding=written.encoding, delimiter=written.delimiter)
    return draft._replace(mapping=msgspec.structs.replace(draft.mapping, format=how))


def _draft(sources: Sequence[Sample], kind: str) -> Draft:
    """Of each part (an order's header, its lines) the file that says most of it."""
    proposals = [propose(source, kind) for source in sources]
    tables, fits = {}, []
    for part in KINDS[kind]:
        fit, best = max(((_fit(proposal, part), place) for place, proposal in enumerate(proposals)), default=(0.0, -1))
        fits.append(fit)
        table = proposals[best].mapping.parts(kind).get(part) if best >= 0 and kind_of(proposals[best]) else None
        tables[part] = table or Table(file=sources[0].name if sources else "", fields={})
    mapping = Mapping(name=sources[0].path.stem[:100] if sources else "", format=_format(proposals))
    return Draft(kind, with_tables(mapping, kind, tables), sum(fits) / len(fits))


def _everything(sources: Sequence[Sample]) -> Draft:
    """All kinds that these files have what is needed for: out of the same rows, if there is but one table."""
    if len(sources) == 1:
        return Draft(EVERYTHING, propose(sources[0], EVERYTHING).mapping)
    drafts = [draft for draft in (_draft(sources, each) for each in MAIN) if _is_whole(draft)]
    mapping = max(drafts, key=lambda draft: draft.fit).mapping if drafts else Mapping(name="")
    for draft in drafts:
        mapping = with_tables(mapping, draft.kind, draft.mapping.parts(draft.kind))
    return Draft(EVERYTHING, _received_once(mapping))


def _received_once(mapping: Mapping) -> Mapping:
    """What came is told once: by receipts in a file of their own, else by the lines of the orders."""
    orders, receipts = mapping.orders, mapping.receipts
    if orders is None or receipts is None:
        return mapping
    if (receipts.file, receipts.sheet) == (orders.lines.file, orders.lines.sheet):
        return msgspec.structs.replace(mapping, receipts=None)
    fields = {name: plan for name, plan in orders.lines.fields.items() if name not in CAME}
    lines = msgspec.structs.replace(orders.lines, fields=fields)
    return msgspec.structs.replace(mapping, orders=msgspec.structs.replace(orders, lines=lines))


def _is_whole(draft: Draft) -> bool:
    return all(PARTS[part].required <= {*table.fields} for part, table in draft.mapping.parts(draft.kind).items())


def kind_of(proposal: Proposal) -> Table | None:
    return getattr(proposal.mapping, proposal.kind)


def _fit(proposal: Proposal, part: str) -> float:
    """The share of the part's needs that columns were found for, then how sure that is."""
    label = "" if part == proposal.kind else f"{part}."
    own = {field.name.removeprefix(label): field for field in proposal.fields if field.name.startswith(label)}
    found = {name: field for name, field in own.items() if "." not in name and field.column}
    needed = [name for name, spec in PARTS[part].fields.items() if spec.required]
    return sum(name in found for name in needed) / len(needed) + 0.05 * sum(f.confidence for f in found.values())


def _format(proposals: Iterable[Proposal]) -> Any:
    """How the file with the most fields writes its numbers and dates; all ways of writing dates that any file has."""
    found = sorted(proposals, key=lambda proposal: -len(proposal.fields))
    if not found:
        return Mapping(name="").format
    dates = tuple(dict.fromkeys(date for proposal in found for date in proposal.mapping.format.dates))
    empty = tuple(dict.fromkeys(text for proposal in found for text in proposal.mapping.format.empty))
    return msgspec.structs.replace(found[0].mapping.format, dates=dates, empty=empty)


def with_tables(mapping: Mapping, kind: str, tables: dict[str, Table]) -> Mapping:
    """The mapping with these tables of a kind, by the part they fill."""
    changed: dict[str, Any] = {name: table for name, table in tables.items() if name != "lines"}
    if "orders" in changed:
        own = {name: getattr(changed["orders"], name) for name in Table.__struct_fields__}
        changed["orders"] = OrderTable(**own, lines=tables["lines"])
    return msgspec.structs.replace(mapping, **changed)


def bound(mapping: Mapping, kind: str, sources: Sequence[Sample]) -> Mapping:
    """The mapping for these files, whatever they are called."""
    tables = {part: _bound(table, mapping, sources) for part, table in mapping.parts(kind).items()}
    return with_tables(mapping, kind, tables)


def _bound(table: Table, mapping: Mapping, sources: Sequence[Sample]) -> Table:
    named = {column for field in table.plans().values() for column in field.sources} | {*table.keep}
    joins = []
    for join in table.joins:
        theirs = {name.removeprefix(f"{join.name}.") for name in named if name.startswith(f"{join.name}.")}
        joins.append(_found(join, mapping, sources, theirs | {*join.on}))
    return msgspec.structs.replace(_found(table, mapping, sources, named), joins=tuple(joins))


def _found(wants: Any, mapping: Mapping, sources: Sequence[Sample], columns: set[str]) -> Any:
    """The same with the name of a file that is there; unchanged if it is, or if no file has any of its columns."""
    there = [source for source in sources if fnmatch(source.name.lower(), wants.file.lower())]
    if any(wants.sheet in (None, source.sheet) for source in there) or wants.file in mapping.files:
        return wants
    source = holding(sources, columns)
    return wants if source is None else msgspec.structs.replace(wants, file=source.name, sheet=source.sheet)


def stored(mapping: Mapping) -> Any:
    """The mapping as the database keeps it."""
    return msgspec.to_builtins(mapping)


def restored(kept: Any) -> Mapping:
    """Raises Unusable for what was kept before a bound that it is beyond."""
    try:
        return decode(msgspec.json.encode(kept), json=True)
    except (msgspec.MsgspecError, ValueError) as error:
        name = str(kept.get("name", ""))
        raise Unusable(_("The mapping {name} cannot be used: {why}.", name=name, why=error)) from error
