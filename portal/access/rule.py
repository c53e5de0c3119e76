"""One rule of the policy, as it stands in `roles.csv` and in the log of policies."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Self


class Rule(NamedTuple):
    """Which role in which kind of organisation (`any` is every) holds which actions on what, `allow` or `deny`, under
    which conditions (joined by &). Things and actions may be several, with blanks between them."""

    role: str
    kind: str
    thing: str
    actions: str
    effect: str
    condition: str

    @classmethod
    def read(cls, parts: Sequence[str]) -> Self:
        """Raises `ValueError` for what is no rule; a deny has no conditions, since it beats every allow."""
        if len(parts) != 6 or parts[4] not in ("allow", "deny") or (parts[4] == "deny" and parts[5]):
            raise ValueError(f"not a rule: {list(parts)}")
        return cls(*(part.strip() for part in parts))

    @classmethod
    def of(cls, told: str) -> Self:
        """The rule as `str` tells it, also one that this release could not read: parts that it lacks are blank."""
        return cls._make([*(part.strip() for part in told.split(",")), *("",) * 6][:6])

    @property
    def conditions(self) -> tuple[str, ...]:
        return tuple(filter(None, self.condition.split("&")))

    @property
    def things(self) -> tuple[str, ...]:
        return tuple(self.thing.split(" "))

    def names(self, permission: str) -> bool:
        """Whether it speaks of this permission."""
        thing, _colon, action = permission.partition(":")
        return thing in self.things and (self.actions == "*" or action in self.actions.split(" "))

    def is_of(self, roles: Collection[str], kind: str) -> bool:
        """Whether it speaks of these roles in an organisation of this kind; `both` holds the rules of either."""
        return self.role in roles and (self.kind == "any" or kind in (self.kind, "both"))

    def __str__(self) -> str:
        return ", ".join(self)
