"""What is seen of signatures in a PDF: the page that is added for them, and the block in each place."""

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from portal.platform.i18n import _
from portal.platform.settings import settings
from portal.platform.wiring import WIRING
from portal.signatures.layout import LEFT, STEP, TALL, TOP, WIDE
from portal.signatures.tables import Signatory, Signing

SEAL: Final = "picture:seal"  # the address by which a block names the seal that comes with it
EMPTY: Final[Mapping[str, bytes]] = MappingProxyType({})


async def page(signing: Signing, places: Sequence[Mapping[str, Any]], buyer: str, pdf: bytes) -> bytes:
    """The file with a page behind it that names the document and holds an empty place for each signature."""
    whose = {"buyer": buyer, "supplier": signing.supplier_name}
    sheet = await _printed(
        "documents/signature_page.html", signing=signing, companies=[whose[each["side"]] for each in places]
    )
    labels = [str(_("Signature for {company}", company=whose[each["side"]])) for each in places]
    return await asyncio.to_thread(_with_places, pdf, sheet, labels)


async def block(place: Signatory, signing: Signing, company: str, seal: bytes = b"") -> bytes:
    """The block of one signature as a small PDF, with the company's seal (PNG) if it has one."""
    told = {"place": place, "signing": signing, "company": company}
    return await _printed("documents/signature_block.html", {SEAL: seal} if seal else {}, **told)


async def _printed(template: str, pictures: Mapping[str, bytes] = EMPTY, **told: Any) -> bytes:
    assert WIRING.printed is not None, "the portal is not wired"
    measures = {"left": LEFT, "top": TOP, "wide": WIDE, "tall": TALL, "step": STEP}
    return await WIRING.printed(template, at=measures, checked_at=f"{settings().url}/verify", pictures=pictures, **told)


def _with_places(pdf: bytes, sheet: bytes, labels: Sequence[str]) -> bytes:
    from portal.signatures.sealing import with_places

    return with_places(pdf, sheet, labels)
