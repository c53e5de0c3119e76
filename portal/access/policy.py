"""The first wall: Casbin decides which roles hold a permission, and under which conditions.

A decision is the set of conditions under which one combination of roles and kind of organisation holds one permission:
`{""}` is unconditional, the empty set is no. Decisions are cached; conditions are then asked about the object at hand.
A deny on any role beats every allow. A policy that does not load denies everything.
"""

import hashlib
import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import casbin
import structlog

from portal.access.conditions import CONDITIONS
from portal.platform.paths import resource

log = structlog.get_logger("access")
NOBODY: frozenset[str] = frozenset()


class _Read:
    """A policy as it was read once: it never changes, and it keeps the decisions that were made by it."""

    def __init__(self, folder: Path) -> None:
        self.digest, self.lines = _digest(folder), _lines(folder / "roles.csv")
        self._enforcer = casbin.Enforcer(str(folder / "model.conf"), str(folder / "roles.csv"))
        logging.getLogger("casbin.enforcer").setLevel(logging.ERROR)  # it warns of each denied decision
        self._enforcer.add_function("holds", _holds)
        self._enforcer.add_function("among", _among)
        _check(self._enforcer)
        self._conditions = sorted({rule[5] for rule in self.rules()})
        self.decide = lru_cache(maxsize=4096)(self._decide)

    def rules(self) -> list[list[str]]:
        return self._enforcer.get_policy()

    def _decide(self, roles: frozenset[str], kind: str, permission: str) -> frozenset[str]:
        thing, action = permission.split(":")
        held = " ".join(sorted(roles))
        return frozenset(c for c in self._conditions if self._enforcer.enforce(held, kind, thing, action, c))


class Policy:
    """`model.conf` and `roles.csv`, read once; `load` again replaces it and forgets all decisions.

    The replacement is one assignment: whoever decides meanwhile, in any thread, decides by the old or by the new.
    """

    def __init__(self) -> None:
        self._read: _Read | None = None
        self._folder: Path | None = None

    def load(self, folder: Path | None = None) -> None:
        """Read the policy; whatever is wrong with it, the portal then denies rather than guesses."""
        self._folder = folder = folder or resource("policies")
        try:
            self._read = _Read(folder)
        except Exception as error:
            self._read = None
            log.error("policy does not load, everything is denied", error=str(error))

    def reload(self) -> None:
        """Read the same files anew."""
        self.load(self._folder)

    @property
    def loaded(self) -> bool:
        return self._read is not None

    @property
    def digest(self) -> str:
        """SHA-256 of the model, the roles and the duties; empty while everything is denied."""
        return read.digest if (read := self._read) else ""

    @property
    def lines(self) -> Mapping[tuple[str, ...], int]:
        """Where each rule stands in `roles.csv`."""
        return read.lines if (read := self._read) else {}

    def rules(self) -> list[list[str]]:
        """Role, kind of organisation, object, actions, effect, conditions: the matrix on screen is made of these."""
        return read.rules() if (read := self._read) else []

    def decide(self, roles: frozenset[str], kind: str, permission: str) -> frozenset[str]:
        """Under which conditions these roles hold the permission."""
        return read.decide(roles, kind, permission) if (read := self._read) else NOBODY


def _digest(folder: Path) -> str:
    files = (folder / name for name in ("model.conf", "roles.csv", "duties.csv"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files if file.exists())).hexdigest()


def _lines(path: Path) -> dict[tuple[str, ...], int]:
    """Rules as the enforcer gives them, with the numbers of their lines, counted from 1."""
    with path.open(newline="") as file:
        numbered = [(tuple(part.strip() for part in line.split(",")), number) for number, line in enumerate(file, 1)]
    return {rule[1:]: number for rule, number in numbered if rule[0] == "p"}


def _holds(held: str, role: str) -> bool:
    return role in held.split(" ")


def _among(action: str, actions: str) -> bool:
    return action in actions.split(" ")


def _check(enforcer: casbin.Enforcer) -> None:
    for rule in enforcer.get_policy():
        if len(rule) != 6 or rule[4] not in ("allow", "deny") or (rule[4] == "deny" and rule[5]):
            raise ValueError(f"not a rule: {rule}")
        if not set(filter(None, rule[5].split("&"))) <= CONDITIONS.keys():
            raise ValueError(f"a condition that nobody knows: {rule}")
    if len(enforcer.get_policy()) > 200:
        raise ValueError("more than 200 rules")


POLICY = Policy()
