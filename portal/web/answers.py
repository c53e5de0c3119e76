"""JSON answers: numbers without exponents, and records that have versions."""

from typing import Any, TypeVar

from litestar import Response
from litestar.serialization import default_serializer

from portal.platform.plain_json import Hook, plain_json

T = TypeVar("T")


class JsonAnswer(Response[T]):
    """Any answer of the API (its `response_class`)."""

    def render(self, content: Any, media_type: str, enc_hook: Hook = default_serializer) -> bytes:
        """What is no text yet becomes JSON."""
        if isinstance(content, bytes | str):
            return super().render(content, media_type, enc_hook)
        return plain_json(content, enc_hook)


def tagged(record: T, status: int = 200) -> Response[T]:
    """The record with its version as `ETag`, for the next `If-Match`."""
    version: Any = getattr(record, "version", 0)
    return JsonAnswer(record, status_code=status, headers={"etag": f'"{version}"'})
