"""The API's own description: OpenAPI as JSON, and a reference page that the portal sets itself."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, Schema, SecurityScheme
from litestar.openapi.spec.enums import OpenAPIType
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from portal.platform.fields import is_field
from portal.web.render import page

_CAMEL = {"minLength": "min_length", "maxLength": "max_length"}


def _many(described: str = "", **types: str) -> dict[str, Any]:
    """The schema of a list of objects that have all of these fields."""
    fields = {name: {"type": kind} for name, kind in types.items()}
    listed = {"type": "array", "items": {"type": "object", "required": list(types), "properties": fields}}
    return listed | ({"description": described} if described else {})


PROBLEM = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "detail", "instance", "request_id", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "instance": {"type": "string", "description": "The path that was asked for."},
        "request_id": {"type": "string", "description": "Under this the log tells more."},
        "permission": {"type": "string", "description": "What no role of the caller includes (403)."},
        "errors": _many(field="string", message="string"),
        "meanwhile": _many(
            "With 409 and 412: the last events of the record, oldest first, as far as the reader may know them: when, "
            "the event's code, and who did it.",
            at="string",
            event="string",
            who="string",
        ),
    },
}
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
    """Litestar's own schema route, under our guard; the contract's address is `/api/v1/openapi.json` below."""
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
    )


def reference(guards: list[Any]) -> list[Any]:
    """The two routes: for programs and for people."""

    @get("/openapi.json", guards=guards, include_in_schema=False)
    async def openapi_json(request: Request[Any, Any, Any]) -> Response[bytes]:
        return Response(msgspec.json.encode(_whole(request)), media_type="application/json")

    @get("/docs", guards=guards, include_in_schema=False)
    async def docs(request: Request[Any, Any, Any]) -> Response[str]:
        schema = msgspec.to_builtins(_whole(request))
        return page("web/reference.html", schema=schema, groups=_groups(schema))

    return [openapi_json, docs]


def _whole(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Litestar's description with our own refusals: every one is a problem of RFC 9457, whatever its status."""
    schema = request.app.openapi_schema.to_schema()
    schema["components"]["schemas"]["Problem"] = PROBLEM
    refusal = {
        "description": "A refusal: what is wrong and what to do next, all of it at once.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in schema["paths"].values():
        for verb in VERBS:
            if operation := operations.get(verb):
                operation["responses"] = {
                    status: told for status, told in operation["responses"].items() if status < "400"
                } | {"4XX": refusal}
    return schema


def _groups(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Operations by tag, each with its method and path."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in schema["paths"].items():
        for verb in VERBS:
            if operation := operations.get(verb):
                tag = (operation.get("tags") or ["Other"])[0]
                groups.setdefault(tag, []).append({"verb": verb.upper(), "path": path, **operation})
    return groups
