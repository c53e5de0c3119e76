"""Column mapping, as a form: a row for each field, with an example of what its column holds."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from portal.access.guards import Acting, may
from portal.operations.desk import commands, reception, words
from portal.operations.desk.commands.choosing import Wish, kinds_of
from portal.operations.desk.mapping_form import PartSheet, form_of, mapping_of, one_row, sheets, with_parts
from portal.operations.desk.open_questions import questions
from portal.operations.desk.pages.lists import kinds_for
from portal.operations.desk.pages.steps import Opened, kept_options, opened, uuid_of
from portal.operations.desk.states import AT_REST
from portal.operations.imports.aside import aside
from portal.operations.imports.mapping import EVERYTHING, Format, Unusable
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Conflict, Invalid, NotFound
from portal.platform.units import choices as unit_choices
from portal.platform.work import viewing
from portal.web import fragment, page
from portal.web.flash import go
from portal.web.forms import Form
from portal.web.input import as_seen, read_form

AnyRequest = Request[Any, Any, Any]
ENCODINGS = (("", _("Found out")), *reception.ENCODINGS)
DELIMITERS = (("", _("Found out")), (";", ";"), (",", ","), ("\t", _("Tab")), ("|", "|"))
DECIMALS = ((",", _("Comma: 1234,50")), (".", _("Point: 1234.50")))
THOUSANDS = (
    ("", _("None: 1234")),
    (".", _("Point: 1.234")),
    (",", _("Comma: 1,234")),
    (" ", _("Blank: 1 234")),
    ("'", _("Apostrophe: 1’234")),
)
REPEATED = (
    ("error", _("is an error")),
    ("same", _("must say the same once more")),
    ("first", _("is passed over: the first row holds")),
    ("last", _("holds: the last row counts")),
)
RULES = (
    ("", _("– choose –")),
    ("empty", _("counts as empty")),
    ("reject", _("is an error")),
    ("to", _("means")),
)


@get("/imports/{file_import_id:uuid}/mapping", guards=[may("imports:run")], include_in_schema=False)
async def show(actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    found = await _opened(actor, file_import_id)
    return await _page(actor, found, Form(_values(found)))


@post("/imports/{file_import_id:uuid}/mapping", guards=[may("imports:run")], include_in_schema=False)
async def save(request: AnyRequest, actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    """Take the form over; what it has no box for stays."""
    found, form = await _opened(actor, file_import_id), await read_form(request)
    try:
        mapping = mapping_of(form.values, found.mapping, found.shown.kind, found.sources)
    except Invalid as refusal:
        written = _written(form.values)
        if written in (None, (found.mapping.format.encoding, found.mapping.format.delimiter)):
            return await _page(actor, found, Form(form.values, refusal.errors), 422)
        wish = Wish(found.shown.kind, written=Format(encoding=written[0], delimiter=written[1]))
        await commands.set_mapping(as_seen(actor, form), file_import_id, wish)
        return go(f"/imports/{file_import_id}/mapping", _("The files are read anew, and columns proposed for them."))
    await commands.set_mapping(as_seen(actor, form), file_import_id, Wish(found.shown.kind, mapping))
    return go(f"/imports/{file_import_id}", _("This is how the first rows would be. A trial run looks at all of them."))


@post("/imports/{file_import_id:uuid}/mapping/row", guards=[may("imports:run")], include_in_schema=False)
async def row(request: AnyRequest, actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    """One field's row anew, for the column that was just chosen; nothing is kept."""
    found, form = await _opened(actor, file_import_id), await read_form(request)
    path = request.query_params.get("field", "")
    shown = await aside(one_row, path, form.values, found.mapping, found.shown.kind, found.sources)
    if shown is None:
        raise NotFound()
    return fragment("imports/field.html", row=shown, form=Form(form.values), import_id=file_import_id, rules=RULES)


@post("/imports/{file_import_id:uuid}/mapping/choose", guards=[may("imports:run")], include_in_schema=False)
async def choose(request: AnyRequest, actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    """Another kind, or a kept mapping; without one, a mapping is proposed."""
    form = await read_form(request)
    kind, mapping_id = form.values.get("kind", ""), uuid_of(form.values.get("mapping_id", ""))
    if kind and kind not in words.KINDS:
        raise NotFound()
    await commands.set_mapping(as_seen(actor, form), file_import_id, Wish(kind, None, mapping_id))
    return go(f"/imports/{file_import_id}{'' if mapping_id else '/mapping'}")


@post("/imports/{file_import_id:uuid}/mapping/parts", guards=[may("imports:run")], include_in_schema=False)
async def parts(request: AnyRequest, actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    """One kind more or less out of the same files; what else is typed stays, even where something is missing yet."""
    found, form = await _opened(actor, file_import_id), await read_form(request)
    add, drop = form.values.get("add", ""), form.values.get("drop", "")
    mapping = await aside(with_parts, form.values, found.mapping, found.sources, add, drop)
    await commands.set_mapping(as_seen(actor, form), file_import_id, Wish(EVERYTHING, mapping))
    return go(f"/imports/{file_import_id}/mapping#{add or 'kind'}")


@post("/imports/{file_import_id:uuid}/mapping/keep", guards=[may("imports:run")], include_in_schema=False)
async def keep(request: AnyRequest, actor: Acting, file_import_id: FromPath[UUID]) -> Response[Any]:
    """Keep the import's mapping under a name."""
    form = await read_form(request)
    kept = await commands.save_mapping(actor, form.values.get("name", "").strip(), import_id=file_import_id)
    said = _("The mapping is kept as {name}, version {number}.", name=kept.name, number=kept.latest)
    return go(f"/imports/{file_import_id}", said)


def _written(values: MappingOf[str, str]) -> tuple[str | None, str | None] | None:
    """The encoding and the delimiter of the form, where they are among those it offers."""
    encoding, delimiter = values.get("format.encoding", ""), values.get("format.delimiter", "")
    offered = encoding in dict(ENCODINGS) and delimiter in dict(DELIMITERS)
    return (encoding or None, delimiter or None) if offered else None


async def _opened(actor: Actor, import_id: UUID) -> Opened:
    async with viewing(actor) as view:
        found = await opened(view, import_id)
    if found.shown.state not in AT_REST:
        raise Conflict(_("The mapping cannot be changed any more."), subject_id=import_id)
    return found


def _values(found: Opened) -> MappingOf[str, str]:
    try:
        return form_of(found.mapping, found.shown.kind, found.sources)
    except Unusable:
        return {}


async def _page(actor: Actor, found: Opened, form: Form, status: int = 200) -> Response[Any]:
    async with viewing(actor) as view:
        kept = await kept_options(view)
    kinds, there = kinds_for(actor), kinds_of(found.mapping)
    try:
        shown_parts = await aside(sheets, form.values, found.mapping, found.shown.kind, found.sources)
    except Unusable:
        shown_parts = []
    asked = await aside(questions, found.mapping, found.shown.kind, found.glances)
    more = [(kind, name) for kind, name in kinds if kind not in (*there, EVERYTHING)]
    return page(
        "imports/mapping.html",
        status=status,
        form=msgspec.structs.replace(form, fields_named=_named(shown_parts)),
        shown=found.shown,
        import_id=found.shown.id,
        parts=shown_parts,
        questions=asked,
        kinds=kinds,
        kept_kinds=there,
        more_kinds=more if found.shown.kind == EVERYTHING else [],
        words=words,
        kept=kept,
        encodings=ENCODINGS,
        delimiters=DELIMITERS,
        decimals=DECIMALS,
        thousands=THOUSANDS,
        repeated=REPEATED,
        rules=RULES,
        units=unit_choices(),
    )


def _named(parts: Sequence[PartSheet]) -> dict[str, Message | str]:
    """What each box of a field is called where a problem is told: many parts have a number or a unit."""
    titled = {
        f"{row.path}.{box}": row.title if len(parts) == 1 else _("{row}, {field}", row=part.title, field=row.title)
        for part in parts
        for row in part.fields
        for box in ("from", "value", "part")
    }
    return titled | {f"format.{name}": title for name, title in words.FORMAT.items()}


HANDLERS = [show, save, row, choose, parts, keep]
