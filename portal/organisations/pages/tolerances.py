"""The tolerances of a supplier on its page, for its buyer alone."""

from typing import Any

from portal.organisations import queries
from portal.platform.wiring import Panel
from portal.platform.work import View
from portal.settings.queries import panel_of


async def _tolerances(view: View, relation: Any) -> Any:
    if relation.buyer_id != view.actor.organisation_id:
        return None
    agreed = await queries.terms(view, relation.buyer_id, relation.supplier_id)
    if agreed is None:
        return None
    levels = [("supplier", agreed.supplier_tolerances), ("company", agreed.company_tolerances)]
    return await panel_of(view, "supplier-tolerances", relation.supplier_id, levels)


PANELS = [Panel(_tolerances, "settings/panel.html", 65, "settings:read")]
