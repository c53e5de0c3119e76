"""JSON bodies: decoded fast when they are right, explained field by field when they are not.

Litestar's own validation reports one error as 400. Ours reports all of them as 422 with dotted paths, never coerces
(`"12"` is not a number, `12` is not a price), and refuses what no database could keep.
"""

from typing import Any

from litestar.connection import Request
from litestar.dto import AbstractDTO
from litestar.typing import FieldDefinition

from portal.platform.convert import Problems, read
from portal.platform.i18n import _
from portal.platform.refusals import Invalid, TooLarge, WrongKind

LARGEST = 10_000_000
JSON = "application/json"
ANYTHING = "*/*"  # what a route `takes` that keeps a file, whatever its sender calls it
WITH_BODY = ("POST", "PATCH", "PUT", "DELETE")
SIGN_IN = "/api/v1/sessions"


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
    """A body of the API that says it is something else is refused before anybody reads it.

    Browsers send text and forms to other sites unasked, JSON never: signing in, which no token protects, takes nothing
    that does not call itself JSON. Where a body may be large it is judged by what it says it is, not a byte of it is
    read here.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    takes = request.route_handler.opt.get("takes")
    if takes is not None and takes in (kind, ANYTHING):
        return
    unnamed = () if request.url.path == SIGN_IN else ("",)
    if request.method not in WITH_BODY or kind in (JSON, *unnamed):
        return
    if request.route_handler.opt.get("streamed"):
        raise WrongKind(_("Send the bytes themselves, with the header Content-Type: {kind}", kind=takes or JSON))
    if await request.body():
        raise WrongKind()
