"""JSON bodies: decoded fast when they are right, explained field by field when they are not.

Litestar's own validation reports one error as 400. Ours reports all of them as 422 with dotted paths, never coerces
(`"12"` is not a number, `12` is not a price), and refuses what no database could keep.
"""

from typing import Any

from litestar.connection import Request
from litestar.dto import AbstractDTO
from litestar.typing import FieldDefinition

from portal.platform.convert import Problems, read
from portal.platform.refusals import Invalid, Malformed, TooLarge

LARGEST = 10_000_000


class JsonBody(AbstractDTO[Any]):
    """The `dto` of the API router: `data: SomeForm` in a handler becomes a checked `SomeForm`."""

    def decode_bytes(self, value: bytes) -> Any:
        if len(value) > LARGEST:
            raise TooLarge()
        field = self.asgi_connection.route_handler.parsed_data_field
        return decode(value, field.annotation)

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """Nothing to prepare: the handler's own annotation is the transfer type."""

    @classmethod
    def create_openapi_schema(cls, field_definition: FieldDefinition, handler_id: str, schema_creator: Any) -> Any:
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Any:
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        return False


def decode(body: bytes, wanted: Any) -> Any:
    """The body as `wanted`, or `Invalid` with every problem of it."""
    try:
        return read(wanted, body)
    except Problems as problems:
        raise Invalid(errors=problems.errors) from problems


async def require_json(request: Request[Any, Any, Any]) -> None:
    """A body that is not JSON is refused before anybody reads it."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.method in ("POST", "PATCH", "PUT") and kind not in ("", "application/json") and await request.body():
        raise Malformed()
