"""The description as the reference page sets it: groups of operations with fields, answers and an example to copy."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from litestar import Litestar

from portal.web.reference.schema import VERBS, whole

Schemas = Mapping[str, Any]
DEEPEST = 4
MOST_CHOICES = 12
ID = "0190a1b2-c3d4-7e8f-9a0b-1c2d3e4f5a6b"
_BY_FORMAT = {"uuid": ID, "date": "2026-10-31", "date-time": "2026-10-31T09:30:00Z"}
_BY_TYPE: dict[str, Any] = {"integer": 1, "number": 1, "boolean": True, "string": "text", "null": None}
# An example of a form that asks for one of several optional fields names this one.
_ONE_OF = {"InvoiceForm": ("order_id",)}


class Field(NamedTuple):
    """A parameter, or a field of a body or record; `name` is its path (`lines[].quantity`), `link` the record it is."""

    name: str
    kind: str
    required: bool
    where: str = ""
    link: str = ""
    meaning: str = ""
    pattern: str = ""
    example: str = ""
    default: str = ""


class Answer(NamedTuple):
    """What comes back: a record of this name, or a file or nothing in words."""

    status: str
    kind: str
    link: str


class Operation(NamedTuple):
    id: str
    title: str
    verb: str
    path: str
    description: str
    parameters: list[Field]
    form: str
    fields: list[Field]
    answers: list[Answer]
    refusals: list[str]
    curl: str


class Record(NamedTuple):
    """A form or record by itself, its own fields alone."""

    name: str
    title: str
    description: str
    fields: list[Field]


@cache
def tell(app: Litestar) -> tuple[dict[str, list[Operation]], list[Record]]:
    """All operations by tag, and all forms and records by name."""
    schema = whole(app)
    known = schema["components"]["schemas"]
    groups: dict[str, list[Operation]] = {}
    for path, operations in schema["paths"].items():
        for verb in (verb for verb in VERBS if verb in operations):
            tag = (operations[verb].get("tags") or ["Other"])[0]
            groups.setdefault(tag, []).append(_operation(verb, path, operations[verb], known))
    records = [
        Record(
            anchor(name), each.get("title", name), each.get("description", ""), list(_fields(each, known, deepest=0))
        )
        for name, each in sorted(known.items(), key=lambda pair: pair[1].get("title", pair[0]))
    ]
    return groups, records


def anchor(name: str) -> str:
    return "record-" + "".join(letter if letter.isalnum() else "-" for letter in name)


def _operation(verb: str, path: str, told: Schemas, known: Schemas) -> Operation:
    kind, body = next(
        ((kind, media["schema"]) for kind, media in told.get("requestBody", {}).get("content", {}).items()), ("", None)
    )
    form = _bare(body, known)[0] if body else ""
    sent = "" if body is None else _bytes(kind) if body.get("format") == "binary" else _json(example(body, known))
    return Operation(
        id=told["operationId"],
        title=told["summary"],
        verb=verb.upper(),
        path=path,
        description=told.get("description", ""),
        parameters=[_parameter(each, known) for each in told.get("parameters", ())],
        form=form,
        fields=list(_fields(body, known)) if body else [],
        answers=[_answer(status, given, known) for status, given in told["responses"].items() if status < "4"],
        refusals=_refusals(verb, path, told),
        curl=_curl(verb, path, sent),
    )


def _parameter(told: Schemas, known: Schemas) -> Field:
    given = _field(told["name"], told["schema"], told.get("required", False), known)
    meaning = told.get("description") or given.meaning
    return given._replace(where=told["in"], kind=given.kind.removesuffix(" or null"), meaning=meaning)


def _fields(schema: Schemas, known: Schemas, path: str = "", deepest: int = DEEPEST) -> Iterable[Field]:
    """The fields of a schema in their order, those of nested ones behind them."""
    _name, bare = _bare(schema, known)
    must = bare.get("required", ())
    for name, each in bare.get("properties", {}).items():
        yield _field(path + name, each, name in must, known)
        _inner, inner = _bare(each, known)
        below = f"{path}{name}[]." if inner.get("type") == "array" else f"{path}{name}."
        if deepest > 0:
            yield from _fields(inner.get("items", inner), known, below, deepest - 1)


def _field(name: str, schema: Schemas, required: bool, known: Schemas) -> Field:
    record, bare = _bare(schema, known)
    item, element = _bare(bare["items"], known) if "items" in bare else (record, bare)
    return Field(
        name=name,
        kind=_kind(schema, known),
        required=required,
        link=anchor(item) if item else "",
        meaning=schema.get("description") or ("" if record else bare.get("description", "")),
        pattern=element.get("pattern", ""),
        example=str((bare.get("examples") or [""])[0]),
        default="" if schema.get("default") in (None, "") else json.dumps(schema["default"]),
    )


def _kind(schema: Schemas, known: Schemas) -> str:
    """In words: `string (uuid)`, `list of OrderLineForm`, `goods | service`; `or null` where that is allowed."""
    record, bare = _bare(schema, known)
    if bare.get("type") == "array":
        told = f"list of {_kind(bare['items'], known)}" if "items" in bare else "list"
    elif 0 < len(bare.get("enum") or ()) <= MOST_CHOICES:
        told = " | ".join(map(str, bare["enum"]))
    else:
        told = bare.get("title", record) if record else bare.get("type", "any")
        told += f" ({bare['format']})" if bare.get("format") else ""
    return f"{told} or null" if _is_nullable(schema) else told


def _bare(schema: Schemas, known: Schemas) -> tuple[str, Schemas]:
    """(the record's name or blank, what it is) behind references and “or null”."""
    options = [part for part in schema.get("oneOf") or schema.get("anyOf") or () if part.get("type") != "null"]
    if options:
        return _bare(options[0], known)
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return name, known[name]
    return "", schema


def _is_nullable(schema: Schemas) -> bool:
    return any(part.get("type") == "null" for part in schema.get("oneOf") or schema.get("anyOf") or ())


def _answer(status: str, told: Schemas, known: Schemas) -> Answer:
    for kind, media in told.get("content", {}).items():
        if "$ref" in (schema := media.get("schema", {})):
            return Answer(status, _kind(schema, known), anchor(_bare(schema, known)[0]))
        return Answer(status, "" if schema.get("type") == "null" else kind, "")
    return Answer(status, "", "")


def _refusals(verb: str, path: str, told: Schemas) -> list[str]:
    """The statuses that this kind of operation refuses with; what each means stands once on the page."""
    one, writes = "{" in path, verb != "get"
    query = any(each["in"] == "query" for each in told.get("parameters", ()))
    asked = {"400": query, "401": True, "403": True, "404": one, "409": writes, "412": writes and one, "422": True}
    return [status for status, applies in asked.items() if applies]


def example(schema: Schemas, known: Schemas) -> Any:
    """A value of the schema: what is required, one element of each list, and the record's or field's own example."""
    name, bare = _bare(schema, known)
    if bare.get("type") == "object":
        if bare.get("examples"):
            return bare["examples"][0]
        wanted = (*bare.get("required", ()), *_ONE_OF.get(name, ()))
        return {key: example(each, known) for key, each in bare.get("properties", {}).items() if key in wanted}
    if bare.get("type") == "array":
        return [example(bare["items"], known)]
    given = bare.get("examples") or bare.get("enum") or [_BY_FORMAT.get(bare.get("format", ""))]
    return _BY_TYPE.get(bare.get("type", "string")) if given[0] is None else given[0]


def _json(body: Any) -> str:
    return "--json '" + json.dumps(body, indent=2, ensure_ascii=False).replace("'", "'\\''") + "'"


def _bytes(kind: str) -> str:
    """A file as it is, not as a form would put it."""
    return f'--header "Content-Type: {kind}" \\\n  --data-binary "@$FILE"'


def _curl(verb: str, path: str, sent: str) -> str:
    """A command to copy: ids of the path are variables of the shell, the key one of its own."""
    for name in (part[1:-1] for part in path.replace(".", "/").split("/") if part.startswith("{")):
        path = path.replace(f"{{{name}}}", f"${name.upper()}")
    parts = [f'curl "$PORTAL{path}"' if verb == "get" else f'curl --request {verb.upper()} "$PORTAL{path}"']
    if not path.endswith("/sessions"):
        parts.append('--header "Authorization: Bearer $KEY"')
    if sent:
        parts.append(sent)
    if path.endswith(".pdf"):
        parts.append("--output document.pdf")
    return " \\\n  ".join(parts)
