"""Reading the three files of the policy: the model, the rules of roles, and the duties that exclude each other."""

import csv
import hashlib
import logging
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import casbin

from portal.access.conditions import CONDITIONS
from portal.access.rule import Rule
from portal.access.words import PERMISSIONS

FILES: Final = ("model.conf", "roles.csv", "duties.csv")
MOST_RULES: Final = 200
DUTY: Final = "duty, "  # what a duty begins with where rules and duties stand together


class Duty(NamedTuple):
    """Two permissions that one person never uses on one transaction, and the sentence that says why."""

    first: str
    second: str
    meaning: str

    def __str__(self) -> str:
        return DUTY + ", ".join(self)


class Read:
    """A policy as it was read once: it never changes, and it keeps the decisions that were made by it.

    Raises whatever is wrong with the files. Rules are asked by what they are about, a few at a time: all of them at
    once would cost a hundredfold.
    """

    def __init__(self, folder: Path) -> None:
        self.digest = hashlib.sha256(b"\0".join((folder / name).read_bytes() for name in FILES)).hexdigest()
        numbered = _numbered(folder / "roles.csv")
        self.rules, self.lines = list(numbered), numbered
        self.duties = _duties(folder / "duties.csv")
        self.excluding = _both_ways(self.duties)
        _check(self.rules)
        self._enforcers = {thing: self._enforcer(folder, thing) for thing in {rule.thing for rule in self.rules}}
        logging.getLogger("casbin.enforcer").setLevel(logging.ERROR)  # it warns of each denied decision
        self.decide = lru_cache(maxsize=4096)(self._decide)

    def _enforcer(self, folder: Path, thing: str) -> tuple[casbin.Enforcer, list[str]]:
        """Casbin with the rules about one thing, and the conditions that they name."""
        enforcer = casbin.Enforcer(str(folder / "model.conf"))
        enforcer.add_function("holds", _holds)
        enforcer.add_function("among", _among)
        about = [rule for rule in self.rules if rule.thing == thing]
        enforcer.add_policies([list(rule) for rule in about])
        return enforcer, sorted({rule.condition for rule in about if rule.effect == "allow"})

    def _decide(self, roles: frozenset[str], kind: str, permission: str) -> frozenset[str]:
        thing, action = permission.split(":")
        if thing not in self._enforcers:
            return frozenset()
        (enforcer, conditions), held = self._enforcers[thing], " ".join(sorted(roles))
        return frozenset(c for c in conditions if enforcer.enforce(held, kind, thing, action, c))


def _numbered(path: Path) -> dict[Rule, int]:
    """The rules with the numbers of their lines, counted from 1."""
    with path.open(newline="", encoding="utf-8") as file:
        lines = [(line.strip(), number) for number, line in enumerate(file, 1)]
    said = [(line, number) for line, number in lines if line and not line.startswith("#")]
    return {_rule([part.strip() for part in line.split(",")]): number for line, number in said}


def _rule(parts: list[str]) -> Rule:
    if parts[0] != "p":
        raise ValueError(f"not a rule: {parts}")
    return Rule.read(parts[1:])


def _duties(path: Path) -> list[Duty]:
    with path.open(newline="", encoding="utf-8") as file:
        found = list(csv.reader(file))
    if not found or tuple(found[0]) != Duty._fields:
        raise ValueError(f"{path.name} begins with {','.join(Duty._fields)}")
    if unknown := [row for row in found[1:] if not _is_duty(row)]:
        raise ValueError(f"a duty that nobody can have: {unknown}")
    return [Duty(*row) for row in found[1:]]


def _is_duty(row: list[str]) -> bool:
    return len(row) == 3 and {*row[:2]} <= PERMISSIONS.keys() and bool(row[2])


def _both_ways(duties: Iterable[Duty]) -> Mapping[str, Mapping[str, str]]:
    """For each permission, the ones that exclude it, with the sentence that says why."""
    found: dict[str, dict[str, str]] = {}
    for duty in duties:
        found.setdefault(duty.first, {})[duty.second] = duty.meaning
        found.setdefault(duty.second, {})[duty.first] = duty.meaning
    return found


def _check(rules: list[Rule]) -> None:
    if unknown := [str(rule) for rule in rules if not set(rule.conditions) <= CONDITIONS.keys()]:
        raise ValueError(f"a condition that nobody knows: {unknown}")
    if len(rules) > MOST_RULES:
        raise ValueError(f"more than {MOST_RULES} rules")


def _holds(held: str, role: str) -> bool:
    return role in held.split(" ")


def _among(action: str, actions: str) -> bool:
    return action in actions.split(" ")
