"""JSON answers of records that have versions."""

from typing import Any, TypeVar

from litestar import Response

T = TypeVar("T")


def tagged(record: T, status: int = 200) -> Response[T]:
    """The record with its version as `ETag`, for the next `If-Match`."""
    version: Any = getattr(record, "version", 0)
    return Response(record, status_code=status, headers={"etag": f'"{version}"'})
