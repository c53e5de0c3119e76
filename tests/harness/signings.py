"""Documents that both sides sign: brought by a buyer, signed by one side, in every state that a write needs."""

from collections.abc import Awaitable, Callable
from typing import Any

import pymupdf

from portal.platform.convert import convert
from portal.platform.work import viewing
from portal.signatures import commands, queries
from portal.signatures.forms import NewSigning
from portal.signatures.tables import Signing
from tests.harness.banks import proved
from tests.harness.world import Organised


def a_pdf(*pages: str) -> bytes:
    with pymupdf.open() as made:
        for text in pages or ("Non-disclosure agreement",):
            made.new_page().insert_text((72, 72), text)
        return made.tobytes()


def signing_form(supplier: Organised, **said: Any) -> NewSigning:
    return convert(NewSigning, {"title": "NDA 保密协议", "supplier_id": str(supplier.id)} | said)


async def opened_signing(
    company: Organised, supplier: Organised, pdf: bytes = b"", name: str = "nda.pdf", **said: Any
) -> Signing:
    return await commands.open_signing(company.buyer, signing_form(supplier, **said), name, pdf or a_pdf())


async def half_signed(company: Organised, supplier: Organised, **said: Any) -> Signing:
    """The buyer signed; the supplier did not yet."""
    signing = await opened_signing(company, supplier, **said)
    return await commands.sign(proved(company.buyer), signing.id)


def signing_in(state: Callable[..., Awaitable[Signing]]) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def make(company: Organised, supplier: Organised) -> dict[str, Any]:
        return {"signing_id": (await state(company, supplier)).id}

    return make


async def places_of(actor: Any, signing_id: Any) -> Any:
    """The places of the reader's own side, in their order."""
    async with viewing(actor) as view:
        signing = await queries.signing(view, signing_id)
    side = "buyer" if signing.buyer_id == actor.organisation_id else "supplier"
    return [place for place in signing.signatories if place.side == side]


async def unnamed(company: Organised, supplier: Organised) -> dict[str, Any]:
    signing = await half_signed(company, supplier)
    (place,) = await places_of(supplier.order_desk, signing.id)
    return {"signing_id": signing.id, "signatory_id": place.id, "signer_id": supplier.order_desk.person_id}


# Writes of the API, by operation: who may do it, and the situation in which it is possible.
WRITES = {
    "signDocument": ("order_desk", signing_in(half_signed)),
    "declineSigning": ("order_desk", signing_in(half_signed)),
    "nameSignatory": ("order_desk", unnamed),
    "setLastDayToSign": ("buyer", signing_in(opened_signing)),
    "withdrawSigning": ("buyer", signing_in(opened_signing)),
}
