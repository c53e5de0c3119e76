"""What a second person finds on the home page, and what waits on a member's."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from portal.platform.i18n import _
from portal.platform.wiring import SETTINGS, Panel, Queue
from portal.platform.work import View
from portal.settings import queries
from portal.settings.forms import SettingVersionOut
from portal.settings.pages.words import AT
from portal.web.parts import Action, Waiting


async def _to_check(view: View) -> tuple[int, list[Waiting]]:
    count, rows = await queries.to_check(view)
    return count, [_waiting(row) for row in rows]


def _waiting(row: SettingVersionOut) -> Waiting:
    href = f"{AT}/{row.id}"
    return Waiting(
        title=SETTINGS[row.kind].title,
        href=href,
        party=row.subject_name,
        due=row.effective_from,
        note=_("from {name}", name=row.created_by_name),
        act=Action(_("Check"), href, "primary", "scale", post=False),
    )


TO_CHECK = Queue(
    _("Settings to check"),
    "/settings?open=check",
    _to_check,
    "settings:check",
    _("Nobody proposes another setting."),
    "warning",
    55,
    _("Setting"),
    _("Of"),
    _("Holds from"),
)
QUEUES = {"approver": [TO_CHECK], "administrator": [TO_CHECK]}


async def _of_person(view: View, person_id: UUID) -> list[SettingVersionOut] | None:
    """What waits of a member's approval limit, on their page."""
    waits = [each for each in await queries.waiting(view) if each.kind == "approval-limit"]
    return [each for each in waits if each.subject_id == person_id] or None


class Proposed(NamedTuple):
    """A proposal and all that it says, without the secret."""

    version: SettingVersionOut
    told: Sequence[tuple[Any, Any]]


async def _of_provider(view: View, _about: Any) -> list[Proposed] | None:
    """What waits of the company's own sign-in, where it is set."""
    waits = [each for each in await queries.waiting(view) if each.kind == "identity-provider"]
    return [Proposed(each, SETTINGS[each.kind].told(each.value)) for each in waits] or None


PANELS = {
    "member": [Panel(_of_person, "settings/limit.html", 50, "members:read")],
    "provider": [Panel(_of_provider, "settings/provider.html", 50, "security:configure")],
}
