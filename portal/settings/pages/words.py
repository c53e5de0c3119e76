"""Versions as pages show them: what was, what will be, who says so."""

from typing import Any, NamedTuple

from portal.access.guards import allowed, require
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.wiring import SETTINGS
from portal.settings.forms import SettingVersionOut
from portal.settings.states import SETTING
from portal.settings.tables import SettingVersion
from portal.web.acts import Act
from portal.web.looks import Look
from portal.web.parts import Action

AT = "/settings/versions"
LOOKS = {"proposed": Look(_("Proposed"), "warning", "hourglass")}
WAYS = {
    "checked": _("proposed and approved"),
    "at_once": _("taken away at once"),
    "system": _("set up without a proposal"),
}
ACTS = {
    "approve": Act(_("Approve"), "/approve", "primary", "check", versioned=True),
    "decline": Act(_("Decline"), "/decline", icon="x", why=_("Why not? Who proposed it reads this.")),
    "withdraw": Act(_("Take it back"), "/withdraw", "danger", "arrow-back-up", why=_("Why is it taken back?")),
}


class Difference(NamedTuple):
    """One part of a value, before and after."""

    name: Any
    before: Any
    after: Any


class Shown(NamedTuple):
    """A version with its kind in words, what differs, what its reader may do, and what follows unexpectedly."""

    version: SettingVersionOut
    title: Message
    href: str
    differences: list[Difference]
    acts: list[Action]
    follows: Message | None


def shown(actor: Actor, version: SettingVersionOut) -> Shown:
    kind = SETTINGS[version.kind]
    href = kind.href.format(id=version.subject_id)
    follows = kind.follows(version.before, version.value) if kind.follows and version.state == "proposed" else None
    return Shown(version, kind.title, href, differences(version), acts_of(actor, version), follows)


def differences(version: SettingVersionOut) -> list[Difference]:
    """The parts that the version changes, in the words of its kind."""
    told = SETTINGS[version.kind].told
    values = (version.before, version.value)
    before, after = ({str(name): (name, text) for name, text in told(value)} for value in values)
    found = []
    for key in dict.fromkeys([*before, *after]):
        name = (before.get(key) or after[key])[0]
        old, new = before.get(key, (name, ""))[1], after.get(key, (name, ""))[1]
        if str(old) != str(new):
            found.append(Difference(name, old, new))
    return found


def acts_of(actor: Actor, version: SettingVersionOut) -> list[Action]:
    """What the reader may do with it now; what is out of date is not approved."""
    values = {name: getattr(version, name) for name in ("id", "state", "created_by", "applied_at", "version")}
    row = SettingVersion.of(values | {"concerns": version.subject_id if version.kind == "approval-limit" else None})
    can = SETTING.possible(row, lambda permission, thing: require(actor, permission, thing))
    if version.stale and "approve" in can:
        can.remove("approve")
    if (
        "withdraw" in can
        and version.created_by != actor.person_id
        and (version.state == "proposed" or not allowed(actor, "settings:check", row))
    ):
        can.remove("withdraw")
    return [act.at(f"{AT}/{version.id}", version.version) for verb, act in ACTS.items() if verb in can]
