"""The access policy as it held at a moment: the newest one that a process had loaded by then."""

import csv
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from portal.access.loads import UNTOLD, Doubt, doubts, is_genuine, told
from portal.access.policy import POLICY, Policy
from portal.access.reading import DUTY, Duty
from portal.platform.paths import resource
from portal.platform.work import View

_THEN = "select * from policy_load where at <= $1 order by at desc limit 200"
_FIRST = "select at from policy_load order by at limit 1"


class PolicyThen(NamedTuple):
    """`known` is false before the first load that was noted: it is then today's policy, and the page says so.

    `readable` is false where this release cannot read the rules of then: a condition of them is gone. `missed` is since
    when another one held, as the sealed log says, whose load was taken away or altered: by which rules is not known.
    """

    policy: Policy
    rules: tuple[str, ...]
    since: datetime | None
    digest: str
    release: str
    known: bool
    readable: bool
    missed: datetime | None


async def policy_at(view: View, moment: datetime) -> PolicyThen:
    rows = await view.fetch(_THEN, moment)
    said = told(await view.fetch("select * from portal.loads_told()"))
    doubtful = {each.load_id: each for each in doubts(rows, said)}
    row: Any = next((each for each in rows if is_genuine(each) and each["id"] not in doubtful), None)
    if row is None:
        missed = _missed(doubtful.values(), None, moment)
        first = None if missed else await view.value(_FIRST)
        return PolicyThen(POLICY, tuple(POLICY.told()), first, POLICY.digest, "", False, True, missed)
    rules, missed = tuple(row["rules"]), _missed(doubtful.values(), row["at"], moment)
    policy = POLICY if row["digest"] == POLICY.digest else _policy_of(rules)
    return PolicyThen(policy, rules, row["at"], row["digest"], row["release"], True, policy.loaded, missed)


def _missed(doubtful: Iterable[Doubt], since: datetime | None, moment: datetime) -> datetime | None:
    """The newest load by then that the log tells of and the table does not, after the one that is believed."""
    told_of = (each.at for each in doubtful if each.kind != UNTOLD)
    return max((at for at in told_of if at <= moment and (since is None or at > since)), default=None)


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
