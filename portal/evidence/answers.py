"""An attached file as an HTTP answer: always to be saved, never to be shown by a browser."""

from urllib.parse import quote
from uuid import UUID

from litestar.response import Stream

from portal.documents.store import stream
from portal.evidence.commands.check import shelf
from portal.evidence.queries import file_row, require_served
from portal.platform.actor import Actor
from portal.platform.refusals import NotFound
from portal.platform.work import viewing

PICTURE = "image/jpeg"


async def download(actor: Actor, file_id: UUID) -> Stream:
    """The bytes, for who sees the record they belong to. The headers that shut them in are the web's own."""
    async with viewing(actor) as view:
        file = await file_row(view, file_id)
    require_served(file)
    headers = {"content-disposition": _attachment(file.name), "content-length": str(file.size)}
    pieces = await stream(str(file.sha256), shelf(file.owner_id))
    return Stream(pieces, media_type=file.media_type, headers=headers)


async def preview(actor: Actor, file_id: UUID) -> Stream:
    """A small picture that was drawn anew here; the file's own bytes are never shown."""
    async with viewing(actor) as view:
        file = await file_row(view, file_id)
    require_served(file)
    if file.preview_sha256 is None:
        raise NotFound()
    return Stream(await stream(file.preview_sha256, shelf(file.owner_id)), media_type=PICTURE)


def _attachment(name: str) -> str:
    """RFC 6266: a plain name for old clients, the whole one in UTF-8 for the others."""
    plain = "".join(c for c in name if c.isascii() and c.isprintable() and c not in '"\\') or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
