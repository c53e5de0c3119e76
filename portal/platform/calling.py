"""Calls to other servers over HTTP that do not wait on an event loop; what waits on one uses httpx."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from urllib.error import HTTPError
from urllib.request import Request, urlopen


@contextmanager
def called(request: Request, patience: float) -> Iterator[HTTPResponse]:
    """The answer, open until the block ends; patience is in seconds.

    Raises OSError where there is none, and HTTPError, closed already, where it is a refusal: an open one keeps its
    connection until the garbage is collected.
    """
    try:
        with urlopen(request, timeout=patience) as answer:  # noqa: S310 its scheme is checked with the setting it comes from
            yield answer
    except HTTPError as refusal:
        refusal.close()
        raise
