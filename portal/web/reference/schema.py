"""OpenAPI as Litestar derives it from routes and forms, completed by what only we know: words and refusals."""

import re
from typing import Any

import msgspec
from litestar import Litestar, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, Schema, SecurityScheme
from litestar.openapi.spec.enums import OpenAPIType
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from portal.platform.fields import is_field

_CAMEL = {"minLength": "min_length", "maxLength": "max_length"}


def _many(described: str, **types: str) -> dict[str, Any]:
    """The schema of a list of objects that have all of these fields."""
    fields = {name: {"type": kind} for name, kind in types.items()}
    listed = {"type": "array", "items": {"type": "object", "required": list(types), "properties": fields}}
    return listed | {"description": described}


PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "A refusal (RFC 9457): what is wrong and what to do next, all of it at once.",
    "required": ["type", "title", "status", "detail", "instance", "request_id", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "instance": {"type": "string", "description": "The path that was asked for."},
        "request_id": {"type": "string", "description": "Under this the log tells more."},
        "permission": {"type": "string", "description": "What no role of the caller includes (403)."},
        "needs": {
            "type": "string",
            "description": "What is to be done first: code, proof or set-up of a second factor, terms, session.",
        },
        "errors": _many(
            "Every field at fault (422), by its path such as lines.0.quantity.", field="string", message="string"
        ),
        "meanwhile": _many(
            "With 409 and 412: the last events of the record, oldest first, as far as the reader may know them: when, "
            "the event's code, and who did it.",
            at="string",
            event="string",
            who="string",
        ),
    },
}
REFUSAL = {
    "description": "A refusal: what is wrong and what to do next, all of it at once.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
# What parameters mean, wherever they stand.
PARAMETERS = {
    "cursor": "`next_cursor` of the page before.",
    "limit": "Entries a page, from 1 to 200; 50 if absent.",
    "sort": "The field to sort by; with `-` before it the other way round.",
    "query": "Words or numbers to look for.",
    "state": "One state; lists of orders, deliveries and invoices take several with commas between them.",
    "supplier_id": "The supplier's organisation.",
    "buyer_id": "The buyer's organisation.",
    "order_id": "The purchase order.",
    "number": "The document's whole number.",
    "kind": "The kind of order: standard, framework or urgent.",
    "receipt_status": "How much of it has come: none, partial or complete.",
    "match_state": "Whether it matches: unmatched, matched or exceptions.",
    "despatch_advice_id": "The despatch advice that the goods came with.",
    "created_from": "The first day on which it may have been created.",
    "created_to": "The last day on which it may have been created.",
    "requested_before": "Wanted before this day.",
    "expected_before": "Expected before this day.",
    "due_before": "Due before this day.",
    "delivered_from": "The first day on which it may have come.",
    "delivered_to": "The last day on which it may have come.",
    "actor": "The id or e-mail address of who did it.",
    "object": "The id or number of the record.",
    "event": "The event's code, such as `purchase-order.issued`.",
    "from": "Not before this instant.",
    "to": "Before this instant.",
    "period": "A month such as `2026-10`, `last-12-months` or `all`.",
    "criterion": "The criterion whose facts are asked for, such as `quality`.",
    "download": "Whether a browser is to save the file instead of showing it.",
}
_FILE = {"schema": {"type": "string", "format": "binary"}}
FILES = {".pdf": {"application/pdf": _FILE}, ".xml": {"application/xml": _FILE}}  # what paths that end so answer
VERBS = ("get", "post", "patch", "put", "delete")


class FieldSchemas(OpenAPISchemaPlugin):
    """Field types describe themselves: a string with its pattern and an example."""

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        return is_field(value)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        told: Any = field_definition.annotation.schema()
        named: Any = {_CAMEL.get(name, name): value for name, value in told.items()}
        return Schema(**named | {"type": OpenAPIType(told["type"])})


def described(guards: list[Any]) -> OpenAPIConfig:
    """Litestar's own schema route, under our guard; the contract's address is `/api/v1/openapi.json`."""
    schemes: Any = {
        "session": SecurityScheme(type="apiKey", name="session", security_scheme_in="cookie"),
        "key": SecurityScheme(type="http", scheme="bearer"),
    }
    return OpenAPIConfig(
        title="Procurement portal",
        version="1",
        openapi_router=Router("/api/v1/schema", route_handlers=[], guards=guards, include_in_schema=False),
        render_plugins=[JsonRenderPlugin()],
        components=Components(security_schemes=schemes),
        security=[{"session": []}, {"key": []}],
        use_handler_docstrings=True,
    )


def whole(app: Litestar) -> dict[str, Any]:
    """The description with titles made of operation ids, the words of our forms, and our refusals."""
    schema: dict[str, Any] = msgspec.to_builtins(app.openapi_schema.to_schema())
    known = schema["components"]["schemas"]
    for name, words in _docstrings().items():
        if name in known:
            known[name].setdefault("description", words)
    for struct in _structs(msgspec.Struct):
        if struct.__name__ in known and hasattr(struct, "EXAMPLE"):
            known[struct.__name__]["examples"] = [msgspec.to_builtins(struct.EXAMPLE)]
    known["Problem"] = PROBLEM
    for path, operations in schema["paths"].items():
        for operation in (operations[verb] for verb in VERBS if verb in operations):
            operation["summary"] = title_of(operation)
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in PARAMETERS:
                    parameter.setdefault("description", PARAMETERS[parameter["name"]])
            given = {status: told for status, told in operation["responses"].items() if status < "400"}
            if operation is operations.get("get") and (ending := path[-4:]) in FILES:
                given["200"]["content"] = FILES[ending]
            operation["responses"] = given | {"4XX": REFUSAL}
    return schema


def title_of(operation: dict[str, Any]) -> str:
    """`listAuditEntries` is called “List audit entries”; an id of one word keeps the summary that its route gives."""
    words = re.findall("[A-Z]?[a-z]+", operation["operationId"])
    return " ".join(words).lower().capitalize() if len(words) > 1 else operation["summary"]


def _docstrings() -> dict[str, str]:
    """What our structs say of themselves, by name; two of one name say nothing."""
    told: dict[str, str] = {}
    for struct in _structs(msgspec.Struct):
        if struct.__module__.startswith("portal.") and struct.__doc__:
            told[struct.__name__] = "" if struct.__name__ in told else _flowing(struct.__doc__)
    return {name: words for name, words in told.items() if words}


def _structs(kind: type[Any]) -> list[type[Any]]:
    return [each for below in kind.__subclasses__() for each in (below, *_structs(below))]


def _flowing(text: str) -> str:
    return " ".join(text.split())
