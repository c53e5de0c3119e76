"""The access policy as it held at a moment: the newest one that a process had loaded by then."""

import csv
import shutil
import tempfile
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from portal.access.loads import is_genuine
from portal.access.policy import POLICY, Policy
from portal.access.reading import DUTY, Duty
from portal.platform.paths import resource
from portal.platform.work import View

_THEN = "select at, digest, release, rules, mark from policy_load where at <= $1 order by at desc limit 200"
_FIRST = "select at from policy_load order by at limit 1"


class PolicyThen(NamedTuple):
    """`known` is false before the first load that was noted: it is then today's policy, and the page says so.

    `readable` is false where this release cannot read the rules of then: a condition of them is gone.
    """

    policy: Policy
    rules: tuple[str, ...]
    since: datetime | None
    digest: str
    release: str
    known: bool
    readable: bool


async def policy_at(view: View, moment: datetime) -> PolicyThen:
    row: Any = next(filter(is_genuine, await view.fetch(_THEN, moment)), None)
    if row is None:
        first = await view.value(_FIRST)
        return PolicyThen(POLICY, tuple(POLICY.told()), first, POLICY.digest, "", known=False, readable=True)
    rules = tuple(row["rules"])
    policy = POLICY if row["digest"] == POLICY.digest else _policy_of(rules)
    return PolicyThen(policy, rules, row["at"], row["digest"], row["release"], True, policy.loaded)


@lru_cache(maxsize=16)
def _policy_of(rules: tuple[str, ...]) -> Policy:
    """A policy of these rules, decided by today's model; one that cannot be read denies everything."""
    policy = Policy()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(resource("policies") / "model.conf", folder)
        duties = [rule.split(", ", 3)[1:] for rule in rules if rule.startswith(DUTY)]
        ruled = [f"p, {rule}\n" for rule in rules if not rule.startswith(DUTY)]
        (folder / "roles.csv").write_text("".join(ruled), "utf-8")
        with (folder / "duties.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([Duty._fields, *duties])
        policy.load(folder)
    return policy
