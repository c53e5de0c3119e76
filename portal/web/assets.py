"""The browser's files: served from the package itself under addresses that change with their content.

`/static/DIGEST/app.css` may be cached for ever; the same file under another digest (an old page during an upgrade) is
answered too, but must be asked for again. Nothing is ever read outside the `static` folder: only names found in it at
the first look are served.
"""

import gzip
import hashlib
import re
from functools import cache
from mimetypes import guess_type
from pathlib import Path

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static"
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
}
_KEPT_BELOW = 2_000_000
_CSS_URL = re.compile(rb'url\("(?!data:)([^"]+)"\)')


class Asset(msgspec.Struct, frozen=True):
    """One file. `body` is None for big ones (fonts), which are read when asked for."""

    path: Path
    digest: str
    media_type: str
    body: bytes | None
    packed: bytes | None

    def read(self) -> bytes:
        return self.path.read_bytes() if self.body is None else self.body


class MissingAsset(LookupError):
    """A template names a file that is not there: the assets have not been built, or the name is wrong."""


def static(name: str) -> str:
    """The address of a file of ours: `static("app.css")`."""
    return f"{PREFIX}/{asset(name).digest}/{name}"


@cache
def asset(name: str) -> Asset:
    if name not in _names():
        raise MissingAsset(name)
    path = FOLDER / name
    body = _linked(path.read_bytes()) if path.suffix == ".css" and "vendor" not in name else path.read_bytes()
    media_type = TYPES.get(path.suffix) or guess_type(name)[0] or "application/octet-stream"
    small = len(body) < _KEPT_BELOW
    packed = gzip.compress(body, 9, mtime=0) if small and media_type.startswith(("text/", "image/svg")) else None
    return Asset(path, hashlib.sha256(body).hexdigest()[:12], media_type, body if small else None, packed)


def serve(request: Request, digest: str, name: str) -> Response:
    """The file, packed if the browser takes gzip; 304 if it has it already; 404 for anything else."""
    try:
        found = asset(name.lstrip("/"))
    except MissingAsset:
        return Response(b"", status_code=404, media_type="text/plain")
    headers = {
        "cache-control": FOR_EVER if digest == found.digest else "no-cache",
        "etag": f'"{found.digest}"',
        "vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(b"", status_code=304, headers=headers)
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, media_type=found.media_type, headers={**headers, "content-encoding": "gzip"})
    return Response(found.read(), media_type=found.media_type, headers=headers)


@get(PREFIX + "/{digest:str}/{name:path}", include_in_schema=False, sync_to_thread=False)
def assets(request: Request, digest: FromPath[str], name: FromPath[str]) -> Response:
    return serve(request, digest, name)


@get("/favicon.ico", include_in_schema=False, sync_to_thread=False)
def favicon(request: Request) -> Response:
    return serve(request, "", "logo.svg")


@cache
def _names() -> frozenset[str]:
    return frozenset(p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*") if p.is_file())


def _linked(css: bytes) -> bytes:
    """Our own style sheets with the addresses of the fonts and pictures they name."""
    return _CSS_URL.sub(lambda found: f'url("{static(found[1].decode())}")'.encode(), css)
