"""Who could see a record at a moment: the memberships, roles, scopes and the policy of then, asked about the record as
it was then.

It tells who *could*; what auditors did read is in the log, and what an organisation's own people read is not noted.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final, NamedTuple
from uuid import UUID

from portal.access.conditions import CONDITIONS
from portal.access.queries import organisation_names
from portal.operations.workspace.members import MemberThen, members_at
from portal.operations.workspace.past import Past, as_of
from portal.operations.workspace.policies import PolicyThen, policy_at
from portal.platform.actor import Actor
from portal.platform.guarded import ACCOUNTS, FIELDS, NOTES, PRICES
from portal.platform.wiring import SUBJECTS
from portal.platform.work import View

INSIDE: Final = {
    permission: frozenset().union(*(guarded.get(permission, frozenset()) for guarded in FIELDS.values()))
    for permission in (PRICES, NOTES, ACCOUNTS)
}
# What opens the kinds of records that have no page of their own; of any other such kind the log alone tells.
READ_BY: Final = {
    **dict.fromkeys(("membership", "person"), "members:read"),
    **dict.fromkeys(("invitation", "identity-provider"), "members:add"),
    **dict.fromkeys(("reviewed-role", "role-owner"), "access-reviews:read"),
    **dict.fromkeys(("organisation", "site", "legal-text"), "self:use"),
    **dict.fromkeys(("legal-hold", "disposal"), "retention:read"),
    **dict.fromkeys(("payment", "match-exception", "invoice-line"), "invoices:read"),
    "credit-note-line": "credit-notes:read",
    "despatch-line": "despatch-advices:read",
    **dict.fromkeys(("goods-receipt-line", "goods-inspection"), "goods-receipts:read"),
    "service-entry-line": "service-entries:read",
    **dict.fromkeys(
        ("purchase-order-line", "schedule-line", "order-response", "order-response-line", "order-change-line"),
        "orders:read",
    ),
    "exchange-rate": "exchange-rates:read",
    "payment-term": "payment-terms:read",
    "supplier-price": "items:read",
    "see-as": "see-as:read",
}
LOG: Final = "audit:read"
_ORDERS_OF: Final = "select distinct root_id from audit_entry where subject_id = $1 and root_id is not null"
_ASKED: Final = {
    "in_scope": ("purchasing_group", "site_id", "cost_centre", "categories"),
    "as_buyer": ("buyer_id",),
    "as_supplier": ("supplier_id",),
    "own_document": ("created_by",),
    "not_own_document": ("created_by",),
    "within_limit": ("gross", "currency"),
    "as_owner": ("owner_role",),
}


class Seer(NamedTuple):
    """Somebody who could see the record: by which roles and rules, and what they saw inside it.

    `perhaps` says that a condition depends on what is not known of then.
    """

    member: MemberThen
    rules: tuple[str, ...]
    fields: tuple[str, ...]
    perhaps: bool


class Readers(NamedTuple):
    """`shared_with` names the other organisation that could see it; its people are its own to name. `inside` are the
    permissions that fields of this record take besides."""

    record: Past
    permission: str
    policy: PolicyThen
    seers: list[Seer]
    others: int
    shared_with: str
    own_side: bool
    inside: tuple[str, ...]


async def readers(view: View, record_id: UUID, moment: datetime) -> Readers:
    """`NotFound` for a record that the log does not know."""
    record = await as_of(view, record_id, moment)
    roots = [row["root_id"] for row in await view.fetch(_ORDERS_OF, record_id) if row["root_id"] != record_id]
    judged = [record, *[await as_of(view, root, moment) for root in roots[:20]]]
    subject = SUBJECTS.get(record.kind)
    permission = READ_BY.get(record.kind) or (subject.permission or "self:use" if subject else LOG)
    inside = tuple(each for each in INSIDE if any(_holds_fields(one, each) for one in judged))
    policy = await policy_at(view, moment)
    members = [member for member in await members_at(view, moment) if member.active]
    sides = {record.owner_id, record.shown_to}
    own_side = record.existed and (record.owner_id is None or view.actor.organisation_id in sides)
    asked = (permission, inside)
    seers = [seer for each in members if own_side and (seer := _seer(view.actor, each, asked, policy, judged))]
    others = len(members) - len(seers)
    return Readers(record, permission, policy, seers, others, await _other(view, record), own_side, inside)


def _holds_fields(record: Past, permission: str) -> bool:
    """Whether the record has fields that take this permission besides."""
    columns = {name for row in record.rows for name in (*row.values, *row.unknown)}
    return permission in FIELDS.get(record.kind, {}) or bool(INSIDE[permission] & columns)


async def _other(view: View, record: Past) -> str:
    """The other organisation that could see the record then; blank for none."""
    others = {record.owner_id, record.shown_to} - {None, view.actor.organisation_id}
    named = await organisation_names(view, [each for each in others if each]) if others else {}
    return ", ".join(named.values())


def _seer(
    organisation: Actor, member: MemberThen, asked: tuple[str, tuple[str, ...]], policy: PolicyThen, records: list[Past]
) -> Seer | None:
    permission, fields = asked
    actor = member.actor(organisation)
    held = policy.policy.decide(actor.roles, actor.organisation_kind, permission)
    verdicts = [_holds(actor, names, records) for names in held]
    if True not in verdicts and None not in verdicts:
        return None
    inside = (each for each in fields if policy.policy.decide(actor.roles, actor.organisation_kind, each))
    return Seer(member, tuple(_rules(policy, actor, permission)), tuple(inside), True not in verdicts)


def _holds(actor: Actor, names: str, records: Iterable[Past]) -> bool | None:
    """Whether all conditions hold on all the records; None where that is not known."""
    answers = [_asked(actor, name, record) for name in filter(None, names.split("&")) for record in records]
    return False if False in answers else None if None in answers else True


def _asked(actor: Actor, name: str, record: Past) -> bool | None:
    row = next((row for row in record.rows if row.id == str(record.record_id)), None)
    if row is None or set(_ASKED.get(name, ())) & set(row.unknown):
        return None
    try:
        return CONDITIONS[name].holds(actor, _thing(row.values))
    except (AttributeError, KeyError):
        return None


def _thing(values: dict[str, Any]) -> Any:
    """The row of then as conditions ask it: ids are ids and amounts amounts again."""
    told = {name: UUID(value) if value and _is_id(name) else value for name, value in values.items()}
    return SimpleNamespace(**told | ({"gross": Decimal(values["gross"])} if values.get("gross") else {}))


def _is_id(name: str) -> bool:
    return name.endswith("_id") or name == "created_by" or name == "submitted_by"


def _rules(policy: PolicyThen, actor: Actor, permission: str) -> Iterable[str]:
    """The rules of then that gave it, as they stood in the policy."""
    for rule in policy.policy.rules():
        if rule.effect == "allow" and rule.names(permission) and rule.is_of(actor.roles, actor.organisation_kind):
            yield str(rule)
