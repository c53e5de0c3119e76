"""Received files at rest: sealed before they are kept, and those of releases before as soon as a job finds them.

Whatever a file says, it is sealed: which numbers in it are accounts is a guess where no element says so.
"""

import asyncio
from typing import Any, NamedTuple
from uuid import UUID

from portal.invoicing.events import ReceivedFileSealed
from portal.invoicing.queries import orders_of
from portal.invoicing.queries.files import CONTENT, XML, plain_files, purpose
from portal.invoicing.tables import Invoice
from portal.platform import vault
from portal.platform.actor import Actor
from portal.platform.work import changing, viewing

_FOUND = "select content, xml, sha256 from received_invoice where invoice_id = $1 and data_key is null for update"
_SEAL = """
update received_invoice set content = null, xml = null, size = $2, data_key = $3, sealed = $4, sealed_xml = $5
where invoice_id = $1 and data_key is null
"""


class Parcel(NamedTuple):
    """A file of so many bytes, sealed under a key that is not wrapped yet; `sealed_xml` is what a PDF carries."""

    size: int
    key: bytes
    sealed: bytes
    sealed_xml: bytes | None

    def columns(self, record_id: UUID) -> tuple[Any, ...]:
        """size, data_key, sealed, sealed_xml, the key wrapped for this invoice or credit note alone."""
        return self.size, vault.wrap(purpose(record_id), self.key), self.sealed, self.sealed_xml


async def packed(content: bytes, inside: bytes | None) -> Parcel:
    return await asyncio.to_thread(_packed, content, inside)


def _packed(content: bytes, inside: bytes | None) -> Parcel:
    key = vault.new_key()
    xml = None if inside is None else vault.seal_file(key, XML, inside)
    return Parcel(len(content), key, vault.seal_file(key, CONTENT, content), xml)


async def seal_plain_files(actor: Actor) -> None:
    """Seal all of the supplier's files that lie in plain bytes, each in a transaction of its own: done twice, or ended
    midway, it does no harm."""
    while True:
        async with viewing(actor) as view:
            found = await plain_files(view)
        for invoice_id in found:
            await _seal(actor, invoice_id)
        if not found:
            return


async def _seal(actor: Actor, invoice_id: UUID) -> None:
    async with changing(actor, Invoice, invoice_id) as (change, invoice):
        found = await change.one(_FOUND, invoice_id)
        if found is None:
            return
        parcel = await packed(found["content"], found["xml"])
        change.sql(_SEAL, invoice_id, *parcel.columns(invoice_id))
        for order in await orders_of(change, invoice_id):
            change.record(ReceivedFileSealed(invoice_id, order.id, found["sha256"]), invoice, root_id=order.id)
