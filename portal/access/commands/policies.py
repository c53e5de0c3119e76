"""Noting which policy a process loaded: its row and the entry that tells of it, in one transaction."""

import importlib.metadata
from typing import Any

import structlog

from portal.access.events import PoliciesFound, PolicyLoaded
from portal.access.loads import mark_of, said_of
from portal.access.policy import Policy
from portal.platform.actor import INSTALLATION, Actor
from portal.platform.context import context_sql
from portal.platform.database import Connection
from portal.platform.ids import new_id
from portal.platform.work import Change
from portal.platform.work.rows import Asked

log = structlog.get_logger("access")
_IS_TOLD = "select exists (select from audit_entry where owner_id = $1 and event like 'access-policy.%')"


async def note(connection: Connection, policy: Policy) -> bool:
    """Keep what was loaded, with what it changed, unless it is what everybody has; whether it was kept.

    Joins the transaction of a connection that belongs to the process: it may have no pool.
    """
    await connection.execute(context_sql(INSTALLATION, None))
    last: Any = await connection.fetchrow("select * from portal.last_policy()")
    change = Change(Actor.system(INSTALLATION), connection, last["now"])
    await _tell_of_earlier(change)
    release = importlib.metadata.version("procurement-portal")
    is_new = (last["digest"], last["release"]) != (policy.digest, release)
    if is_new:
        await _load(change, policy, release, last["rules"] or [])
    await change.finish()
    log.info("policy loaded", digest=policy.digest[:12], release=release, rules=len(policy.told()), new=is_new)
    return is_new


async def _tell_of_earlier(change: Change) -> None:
    """Once, before the log tells of any load: those that are there already."""
    if await change.value(_IS_TOLD, INSTALLATION):
        return
    rows = await change.fetch("select * from policy_load order by at")
    if rows:
        change.record(PoliciesFound(tuple(said_of(row) for row in rows)), Asked(rows[0]["id"], ""))


async def _load(change: Change, policy: Policy, release: str, before: list[str]) -> None:
    rules = policy.told()
    row = {
        "id": new_id(),
        "at": change.now,
        "digest": policy.digest,
        "release": release,
        "rules": rules,
        "added": sorted(set(rules) - set(before)),
        "removed": sorted(set(before) - set(rules)),
        "mark": mark_of(policy.digest, release, rules),
    }
    await change.value("select portal.note_policy($1, $2, $3, $4, $5, $6, $7, $8)", *row.values())
    event = PolicyLoaded(policy.digest, release, tuple(row["added"]), tuple(row["removed"]), (said_of(row),))
    change.record(event, Asked(row["id"], release))
