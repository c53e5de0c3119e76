"""A letterhead on paper before anybody gets it: a page that is no record's document, and is kept nowhere."""

import asyncio
import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.documents.pressroom import Unprintable, pdf_of
from portal.documents.rules import Identity
from portal.documents.sheets import compose
from portal.documents.troubles import told, trouble_of
from portal.letterheads.forms import Heading
from portal.organisations.queries import party_of
from portal.platform.canonical import canonical
from portal.platform.i18n import _, current_language
from portal.platform.refusals import Conflict
from portal.platform.work import View

TEMPLATE = "documents/sample.html"
_OWN = f"select {party_of('o')} as party, portal.now() as at from organisation o where o.id = $1"


async def preview(view: View, heading: Heading) -> bytes:
    """A PDF that wears the letterhead, in the reader's language."""
    own: Any = await view.one(_OWN, view.actor.organisation_id)
    snapshot = _sample(own["party"], own["at"])
    identity = Identity("sample", UUID(int=0), 1, current_language(), hashlib.sha256(canonical(snapshot)).hexdigest())
    sheet = await asyncio.to_thread(compose, TEMPLATE, identity, snapshot, heading)
    try:
        return await pdf_of(sheet, kind="sample")
    except Unprintable as unprintable:
        raise Conflict(told(trouble_of(unprintable, snapshot).kept())) from unprintable


def _sample(own: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Said by one's own company to one that does not exist."""
    other = {"id": own["id"], "name": str(_("A business partner")), "address": {}, "time_zone": own["time_zone"]}
    return {
        "header": {
            "number": "0000",
            "created_at": at,
            "note": str(_("This page shows your letterhead. It is no document of any record.")),
        },
        "lines": [
            {"description": str(_("First line")), "quantity": "1"},
            {"description": str(_("Second line")), "quantity": "2"},
        ],
        "buyer": own,
        "supplier": other,
    }
