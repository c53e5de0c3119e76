"""Conditions of the policy: each a pair of a predicate for one object and an SQL fragment for a list.

A rule may name several, joined by `&`: all must hold. Capabilities whose objects need a condition of their own add it
to `CONDITIONS`; a condition that a rule names and nobody knows keeps the policy from loading.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from portal.platform.actor import Actor
from portal.platform.decimals import ONE, product, quotient
from portal.platform.i18n import Message, _


class Condition(NamedTuple):
    """`holds(actor, object)`; `sql(actor, alias, bind)` where `bind(value)` gives the value's place; why it refused."""

    holds: Callable[[Actor, Any], bool]
    sql: Callable[[Actor, str, Callable[[Any], str]], str]
    refusal: Message
    reason: Callable[[Actor, Any], Message | None] = lambda _actor, _thing: None

    def refused(self, actor: Actor, thing: Any) -> Message:
        """Why it does not hold for this very object, where more is known than what it is in general."""
        return self.reason(actor, thing) or self.refusal


def _in_scope(actor: Actor, thing: Any) -> bool:
    """What says nothing of a part lies in everybody's; an order of several categories only in that of all of them."""
    scope = actor.scope
    if scope.categories and not set(getattr(thing, "categories", None) or ()) <= set(scope.categories):
        return False
    return all(
        not allowed or getattr(thing, name, None) in (*allowed, None, "")
        for name, allowed in (
            ("purchasing_group", scope.purchasing_groups),
            ("site_id", scope.sites),
            ("cost_centre", scope.cost_centres),
        )
    )


PARTS = {
    "purchasing_group": ("purchasing_groups", _("The scope names purchasing groups, and the record names none.")),
    "site_id": ("sites", _("The scope names sites, and the record names none.")),
    "cost_centre": ("cost_centres", _("The scope names cost centres, and the record names none.")),
    "categories": ("categories", _("The scope names categories, and the record names none.")),
}


def beyond_scope(actor: Actor, thing: Any) -> list[Message]:
    """The parts of the actor's scope that do not bite on the record, because it says nothing of them."""
    return [
        why
        for name, (part, why) in PARTS.items()
        if getattr(actor.scope, part) and hasattr(thing, name) and getattr(thing, name) in (None, "", [])
    ]


def _in_scope_sql(actor: Actor, alias: str, bind: Callable[[Any], str]) -> str:
    scope, parts = actor.scope, []
    for column, allowed in (("purchasing_group", scope.purchasing_groups), ("cost_centre", scope.cost_centres)):
        if allowed:
            parts.append(f"{alias}.{column} = any({bind([*allowed, ''])}::text[])")
    if scope.categories:
        parts.append(f"{alias}.categories <@ {bind(list(scope.categories))}::text[]")
    if scope.sites:
        parts.append(f"({alias}.site_id is null or {alias}.site_id = any({bind(list(scope.sites))}::uuid[]))")
    return " and ".join(parts) or "true"


def _not_own(actor: Actor, thing: Any) -> bool:
    return actor.person_id not in (thing.created_by, getattr(thing, "submitted_by", None))


def _own(actor: Actor, thing: Any) -> bool:
    return actor.person_id is not None and not _not_own(actor, thing)


def measures(actor: Actor) -> dict[str, Decimal]:
    """What one unit of each currency is worth in that of the actor's limit, by the organisation's rates of today."""
    if actor.limit is None:
        return {}
    own, rates = actor.limit.currency, actor.rates
    known = {currency: quotient(rate, rates[own]) for currency, rate in rates.items()} if own in rates else {}
    return known | {own: ONE}


def no_rate(actor: Actor, currency: str) -> Message:
    """Why an amount in this currency is not measured by the actor's limit, and what to do about it."""
    own = "" if actor.limit is None else actor.limit.currency
    return _(
        "There is no exchange rate from {currency} to {own}: enter one, then this can be compared with your limit in "
        "{own}.",
        currency=currency,
        own=own,
    )


def _within_limit(actor: Actor, thing: Any) -> bool:
    limit = actor.limit
    if limit is None or limit.gross is None:
        return limit is not None
    measure = measures(actor).get(thing.currency)
    return measure is not None and product(thing.gross, measure) <= limit.gross


def _within_limit_sql(actor: Actor, alias: str, bind: Callable[[Any], str]) -> str:
    limit = actor.limit
    if limit is None:
        return "false"
    if limit.gross is None:
        return "true"
    known = measures(actor)
    each, its = f"{bind(list(known))}::text[]", f"{bind(list(known.values()))}::numeric[]"
    measure = f"({its})[array_position({each}, {alias}.currency)]"
    return f"coalesce({alias}.gross * {measure} <= {bind(limit.gross)}, false)"


def _unmeasured(actor: Actor, thing: Any) -> Message | None:
    known = actor.limit is None or thing.currency in measures(actor)
    return None if known else no_rate(actor, thing.currency)


# An organisation sees a record as its buyer or as its supplier, as row-level security says, so each side is said as not
# the other: lists name their side already, and a plan for any organisation takes two equal conditions for a rare pair.
CONDITIONS: dict[str, Condition] = {
    "in_scope": Condition(
        _in_scope, _in_scope_sql, _("This lies outside the part of the company that you look after.")
    ),
    "not_own_document": Condition(
        _not_own,
        lambda actor, alias, bind: f"{alias}.created_by is distinct from {bind(actor.person_id)}",
        _("You created or submitted this yourself, so somebody else must decide on it."),
    ),
    "second_person": Condition(
        lambda actor, thing: actor.person_id not in (thing.created_by, thing.concerns),
        lambda actor, alias, bind: (
            f"({alias}.created_by is distinct from {bind(actor.person_id)} "
            f"and {alias}.concerns is distinct from {bind(actor.person_id)})"
        ),
        _("A second person decides on this: you proposed it, or it concerns you."),
    ),
    "third_person": Condition(
        lambda actor, thing: actor.person_id not in (thing.created_by, thing.decided_by),
        lambda actor, alias, bind: (
            f"({alias}.created_by is distinct from {bind(actor.person_id)} "
            f"and {alias}.decided_by is distinct from {bind(actor.person_id)})"
        ),
        _("A third person decides on this: you asked for it, or granted it."),
    ),
    "as_reviewer": Condition(
        lambda actor, thing: actor.person_id in thing.reviewers and actor.person_id != thing.person_id,
        lambda actor, alias, bind: f"{bind(actor.person_id)}::uuid = any({alias}.reviewers)",
        _("Somebody else reviews this: who answers for the role, and never the person themselves."),
    ),
    "own_document": Condition(
        _own,
        lambda actor, alias, bind: f"{alias}.created_by = {bind(actor.person_id)}",
        _("Only who entered or submitted this can do it."),
    ),
    "within_limit": Condition(
        _within_limit,
        _within_limit_sql,
        _("This is above your approval limit. Somebody with a higher limit must approve it."),
        _unmeasured,
    ),
    "as_owner": Condition(
        lambda actor, thing: thing.owner_role in actor.roles,
        lambda actor, alias, bind: f"{alias}.owner_role = any({bind(sorted(actor.roles))}::text[])",
        _("Somebody who holds the role that owns this has to decide on it."),
    ),
    "as_buyer": Condition(
        lambda actor, thing: thing.buyer_id == actor.organisation_id,
        lambda actor, alias, bind: f"{alias}.supplier_id <> {bind(actor.organisation_id)}",
        _("Only the buying organisation can do this."),
    ),
    "as_supplier": Condition(
        lambda actor, thing: thing.supplier_id == actor.organisation_id,
        lambda actor, alias, bind: f"{alias}.buyer_id <> {bind(actor.organisation_id)}",
        _("Only the supplier can do this."),
    ),
}
