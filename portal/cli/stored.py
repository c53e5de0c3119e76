"""What the doctor asks of the store of files; nothing is written to it."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from portal.cli.checks import Finding
from portal.platform.settings import settings, without_password

WHAT: Final = "Store of files"
AT_ONCE: Final[Any] = {"max_retries": 1, "retry_timeout": timedelta(seconds=5)}
NO_BUCKET: Final = re.compile(r"NoSuchBucket|ContainerNotFound|specified bucket does not exist")
KEYS: Final = "set the keys of an account that may list, read, write and delete there (AWS_ACCESS_KEY_ID, …)"
THERE: Final = "start it, or correct PORTAL_DOCUMENTS_URL and the store's own variables (AWS_ENDPOINT_URL_S3, …)"
NAMED: Final = "correct PORTAL_DOCUMENTS_URL: s3://bucket/folder, gs://…, az://… or file:///folder"
OWN: Final = (
    "set PORTAL_DOCUMENTS_URL as on the portal's other hosts; after a move copy the whole store, with its file {name}; "
    "if all files are lost, write {mark} into a new one's {name}"
)
BROUGHT: Final = "bring the store back as it was when the database was, or copy what it lacks from where it was"
KNOWN: Final = "select mark::text from portal.file_store()"
NEWEST: Final = "select place, name from portal.newest_files(50)"


def store_of_files(folder: Path, app: str | None) -> Finding:
    """Whether the store is where PORTAL_DOCUMENTS_URL says (without it, in the data folder), is the portal's own, and
    holds the newest files: one that was brought back from an older copy than the database lacks these."""
    from portal.documents.own import MARK

    url = settings().documents_url or (folder / "documents").absolute().as_uri()
    shown, (known, newest) = without_password(url), _known(app)
    theirs = _there(url, shown, MARK)
    if isinstance(theirs, Finding):
        return theirs
    if known is not None and theirs != known:
        return Finding(WHAT, "bad", f"{shown} is another than the portal's own", OWN.format(name=MARK, mark=known))
    if lacking := _lacking(url, newest):
        first = ", ".join(lacking[:3]) + (", …" if len(lacking) > 3 else "")
        said = f"{shown} lacks {len(lacking)} of the newest {len(newest)} files: {first}"
        return Finding(WHAT, "bad", said, BROUGHT)
    if known is None:
        return Finding(WHAT, "ok", f"{shown}, not used yet" if theirs is None and not newest else shown)
    return Finding(WHAT, "ok", f"{shown}, the portal's own")


def _known(app: str | None) -> tuple[str | None, list[Any]]:
    """The mark of the portal's own store, and the newest files (place, name). Of a database that does not answer, or is
    older, others tell."""
    import psycopg

    if app is None:
        return None, []
    try:
        with psycopg.connect(app, connect_timeout=5) as connection:
            found: Any = connection.execute(KNOWN).fetchone()
            return found[0], connection.execute(NEWEST).fetchall()
    except psycopg.Error:
        return None, []


def _lacking(url: str, newest: list[Any]) -> list[str]:
    """Names of those files that are not in the store, the newest first; what does not answer is not lacking."""
    import obstore
    from obstore.exceptions import BaseError
    from obstore.store import from_url

    if url.startswith("file:"):
        folder = Path(unquote(urlsplit(url).path))
        return [name for place, name in newest if not (folder / place).exists()]
    store, lacking = from_url(url, retry_config=AT_ONCE), list[str]()
    for place, name in newest:
        try:
            obstore.head(store, place)
        except FileNotFoundError:
            lacking.append(name)
        except BaseError:
            break
    return lacking


def _there(url: str, shown: str, name: str) -> str | Finding | None:
    """The mark that lies there, None if none does, or what is wrong."""
    import obstore
    from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
    from obstore.store import from_url

    if url.startswith("file:"):
        path = Path(unquote(urlsplit(url).path)) / name
        try:
            return path.read_text(errors="replace").strip() if path.exists() else None
        except OSError as error:
            return Finding(WHAT, "bad", f"{shown} cannot be read: {_line(error)}", THERE)
    try:
        store = from_url(url, retry_config=AT_ONCE)
    except (BaseError, ValueError) as error:
        return Finding(WHAT, "bad", f"{shown} names no store: {_line(error)}", NAMED)
    try:
        return bytes(obstore.get(store, name).bytes()).decode(errors="replace").strip()
    except (PermissionDeniedError, UnauthenticatedError):
        return Finding(WHAT, "bad", f"{shown} refuses these credentials", KEYS)
    except FileNotFoundError as error:
        if NO_BUCKET.search(str(error)):
            return Finding(WHAT, "bad", f"{shown} is not there: the store answers, and knows no such bucket", NAMED)
        return None
    except BaseError as error:
        return Finding(WHAT, "bad", f"{shown} does not answer: {_line(error)}", THERE)


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
