"""Segregation of duties: pairs of permissions that one person may never use on one business transaction.

The pairs are data (`policies/duties.csv`). A business transaction is named by its root, the order; whoever uses a
listed permission leaves a note there, and whoever would use its counterpart is refused.
"""

import csv
from functools import cache
from uuid import UUID

from portal.platform.i18n import _
from portal.platform.paths import resource
from portal.platform.refusals import Denied
from portal.platform.work import Change


@cache
def counterparts() -> dict[str, dict[str, str]]:
    """For each permission, the ones that exclude it, with the sentence that says why."""
    found: dict[str, dict[str, str]] = {}
    with (resource("policies") / "duties.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["first"], {})[row["second"]] = row["meaning"]
            found.setdefault(row["second"], {})[row["first"]] = row["meaning"]
    return found


async def separate(change: Change, permission: str, root_id: UUID) -> None:
    """Refuse whoever used an excluding permission on this transaction; note that this one is used now."""
    excluding = counterparts().get(permission)
    actor = change.actor
    if not excluding or actor.person_id is None:
        return
    used = await change.value(
        "select permission from duty_taken where root_id = $1 and person_id = $2 and permission = any($3) limit 1",
        *(root_id, actor.person_id, list(excluding)),
    )
    if used is not None:
        raise Denied(_("Somebody else must do this. {why}", why=_(excluding[used])))
    change.sql(
        "insert into duty_taken (organisation_id, root_id, permission, person_id, at) values ($1, $2, $3, $4, $5) "
        "on conflict do nothing",
        *(actor.organisation_id, root_id, permission, actor.person_id, change.now),
    )
