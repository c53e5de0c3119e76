"""Approval limits are given by two people: one takes away alone and at once, and only asks to give."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.access.events import LimitSet
from portal.access.tables import Membership
from portal.platform.decimals import plain
from portal.platform.work import Change

LIMIT = ("limit_currency", "limit_gross", "limit_cumulative")
NONE: Mapping[str, Any] = dict.fromkeys(LIMIT)


def split(
    present: Mapping[str, Any], rights: Mapping[str, Any], by: UUID | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rights with so much of their limit as one person may give alone, and the limit that is asked for beyond it,
    empty if nothing is. The portal's own operator sets up alone."""
    wanted = {name: rights.get(name) for name in LIMIT}
    held = {name: present.get(name) for name in LIMIT}
    now = wanted if by is None else at_once(held, wanted)
    return dict(rights) | now, {} if now == wanted else wanted


def held_by(former: Membership | None) -> dict[str, Any]:
    """The limit of a membership as it stands, or of one that there is none of yet."""
    return {name: getattr(former, name) if former else None for name in LIMIT}


def at_once(held: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The lower of two limits, part by part. In another currency nobody can tell: it waits as a whole."""
    if wanted["limit_currency"] is None or held["limit_currency"] is None:
        return dict(NONE)
    if wanted["limit_currency"] != held["limit_currency"]:
        return dict(held)
    parts = {name: _lower(held[name], wanted[name]) for name in ("limit_gross", "limit_cumulative")}
    return {"limit_currency": held["limit_currency"]} | parts


def told(
    change: Change, membership: Membership, held: Mapping[str, Any], asked: Mapping[str, Any], by: UUID | None
) -> None:
    """Say what holds of the limit already and what is asked for; nothing where neither moved."""
    now = {name: getattr(membership, name, None) for name in LIMIT}
    lowered = None if by is None or now == {name: held.get(name) for name in LIMIT} else _plain(now)
    if by is not None and (lowered or asked):
        change.record(LimitSet(membership.person_id, lowered, _plain(asked) if asked else None, by), membership)


def _lower(held: Decimal | None, wanted: Decimal | None) -> Decimal | None:
    """None is without a limit."""
    return min((part for part in (held, wanted) if part is not None), default=None)


def _plain(limit: Mapping[str, Any]) -> dict[str, str | None]:
    return {name: plain(part.normalize()) if isinstance(part, Decimal) else part for name, part in limit.items()}
