"""What waits for whoever may sign for their company."""

from portal.platform.i18n import _
from portal.platform.wiring import Queue
from portal.platform.work import View
from portal.signatures import queries
from portal.web.parts import Waiting


async def _to_sign(view: View) -> tuple[int, list[Waiting]]:
    count, rows = await queries.to_sign(view)
    own = view.actor.organisation_id
    return count, [
        Waiting(
            title=row.title,
            href=f"/signings/{row.id}",
            party=row.supplier_name if row.buyer_id == own else row.buyer_name,
            note=row.file_name,
        )
        for row in rows
    ]


TO_SIGN = Queue(
    _("Documents to sign"),
    "/signings?open=sign",
    _to_sign,
    "signatures:sign",
    _("No document waits for your signature."),
    "warning",
    38,
    _("Document"),
    _("With"),
    quiet=True,
)
QUEUES = {role: [TO_SIGN] for role in ("buyer", "approver", "supplier_manager", "administrator", "order_desk")}
