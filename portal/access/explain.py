"""Why the policy lets somebody do something, or not: each rule that speaks of it, and what its conditions say."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from portal.access.conditions import CONDITIONS
from portal.access.policy import POLICY
from portal.access.rule import Rule
from portal.platform.actor import Actor
from portal.platform.i18n import Message


class Ruling(NamedTuple):
    """One rule of `roles.csv` that names the permission.

    `applies` says that the person holds the role in an organisation of that kind; `failed` are the conditions that do
    not hold on a record, with what is said of it then.
    """

    line: int
    role: str
    kind: str
    actions: tuple[str, ...]
    effect: str
    conditions: tuple[str, ...]
    applies: bool
    failed: tuple[tuple[str, Any], ...]

    @property
    def gives(self) -> bool:
        return self.applies and self.effect == "allow" and not self.failed

    @property
    def denies(self) -> bool:
        return self.applies and self.effect == "deny"


class Explanation(NamedTuple):
    """`open` are the conditions that are asked of each record, where none was named."""

    permission: str
    allowed: bool
    open: tuple[str, ...]
    rulings: tuple[Ruling, ...]


def explain(actor: Actor, permission: str, things: Sequence[Any] = ()) -> Explanation:
    """Every rule about the permission, those of the actor's roles first; asked of `things` too, where there are any.

    A record is judged with the orders that it belongs to, so all of `things` have to fit.
    """
    rulings = sorted(
        (_ruling(actor, rule, things) for rule in POLICY.rules() if rule.names(permission)),
        key=lambda ruling: (not ruling.applies, ruling.line),
    )
    held = POLICY.decide(actor.roles, actor.organisation_kind, permission)
    fits = not any(ruling.denies for ruling in rulings) and any(ruling.gives for ruling in rulings)
    waiting = () if things or "" in held else tuple(sorted(held))
    return Explanation(permission, bool(held) and fits, waiting, tuple(rulings))


def _ruling(actor: Actor, rule: Rule, things: Sequence[Any]) -> Ruling:
    names, applies = rule.conditions, rule.is_of(actor.roles, actor.organisation_kind)
    failed = [(name, why) for name in names if (why := _refused(actor, name, things))] if applies else []
    acts, line = tuple(rule.actions.split(" ")), POLICY.lines.get(rule, 0)
    return Ruling(line, rule.role, rule.kind, acts, rule.effect, names, applies, tuple(failed))


def _refused(actor: Actor, name: str, things: Sequence[Any]) -> Message | None:
    """What the condition says of the first record on which it does not hold."""
    condition = CONDITIONS[name]
    return next((condition.refused(actor, thing) for thing in things if not condition.holds(actor, thing)), None)
