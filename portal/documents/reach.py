"""Reaching the store of bytes: the folder or object store of PORTAL_DOCUMENTS_URL, and what is told when it is full,
away, or not the portal's own."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

import structlog
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import from_url

from portal.platform.refusals import Away, Full
from portal.platform.settings import settings

PART = 5 << 20  # bytes, the least that object stores take of a file in parts
FULL = (errno.ENOSPC, errno.EDQUOT)
ANSWERS = (AlreadyExistsError, PreconditionError)  # of a store that is there
# How long an object store that does not answer is asked again: whoever waits at a screen is told, and jobs come back.
PATIENCE: Any = {"max_retries": 6, "retry_timeout": timedelta(seconds=15)}

log = structlog.get_logger("documents")


@contextmanager
def reached() -> Iterator[None]:
    """Whatever is asked of the store may find it full (`Full`) or away (`Away`): that is told as what it is, and why to
    the process's log."""
    try:
        yield
    except (OSError, BaseError) as error:
        if getattr(error, "errno", None) in FULL or any(f"os error {number}" in str(error) for number in FULL):
            raise Full() from error
        if isinstance(error, BaseError) and not isinstance(error, ANSWERS):
            log.error("the store of files does not do what it is asked", error=f"{type(error).__name__}: {error}"[:500])
            raise Away() from error
        raise


def place() -> Any:
    """The store itself, for what is kept in it under names of its own."""
    return _store(settings().documents)


@cache
def _store(url: str) -> Any:
    return from_url(url, mkdir=True) if url.startswith("file:") else from_url(url, retry_config=PATIENCE)
