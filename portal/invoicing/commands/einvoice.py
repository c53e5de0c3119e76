"""Before something is sent: it keeps the rules of e-invoices, if its buyer asked for one."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final
from uuid import UUID

from portal.invoicing.rules.einvoice import invoice_of, written
from portal.invoicing.rules.findings import beyond_standard, sentences
from portal.platform.einvoice import checking
from portal.platform.i18n import _
from portal.platform.refusals import Conflict, FieldError

PLAIN = "pdf"
CHECKED: Final = {"factur-x": ("ubl", "cii")}  # else UBL alone, which it goes as


class NoEInvoice(Conflict):
    """Something that the rules of EN 16931 ask for is missing; `errors` names each field, with the rule beside."""

    title = _("This is no e-invoice yet")

    def __init__(self, errors: Sequence[FieldError], record_id: UUID) -> None:
        message = _("Your customer asks for e-invoices. What is missing for one stands below; it was not sent.")
        super().__init__(message, errors=errors, subject_id=record_id)


async def require_e_invoice(snapshot: Mapping[str, Any], record_id: UUID) -> None:
    """Raises NoEInvoice with all that is in the way at once. Who wants plain PDF gets what there is."""
    wanted = snapshot["e_invoice"]["format"]
    if wanted == PLAIN:
        return
    document = await asyncio.to_thread(invoice_of, snapshot)
    try:
        syntaxes = CHECKED.get(wanted, ("ubl",))
        found = [await checking.findings(written(document, syntax)) for syntax in syntaxes]
        errors = sentences(chain.from_iterable(found))
    except checking.Uncheckable as reason:
        message = _("It could not be checked whether this is an e-invoice. Try again in a minute.")
        raise Conflict(message, subject_id=record_id) from reason
    errors += beyond_standard(document, wanted)
    if errors:
        raise NoEInvoice(errors, record_id)
