"""The policy as the API tells it."""

from portal.access.policy import POLICY
from portal.access.rule import Rule
from portal.operations.policy.conflicts import RoleConflict, SharedTrait
from portal.operations.policy.forms import (
    ConflictsOut,
    ExplanationOut,
    FailedOut,
    LoadGoneOut,
    LoadOut,
    PolicyOut,
    RoleConflictOut,
    RuleOut,
    RulingOut,
    SharedTraitOut,
)
from portal.operations.policy.queries import Answer


def policy_out(loads: list[LoadOut], gone: list[LoadGoneOut]) -> PolicyOut:
    rules = [RuleOut(POLICY.lines.get(rule, 0), *_parts(rule)) for rule in POLICY.rules()]
    return PolicyOut(POLICY.digest, rules, loads, gone)


def explained(answer: Answer) -> ExplanationOut:
    told = answer.explanation
    thing = told.permission.partition(":")[0]
    return ExplanationOut(
        permission=told.permission,
        person_id=answer.person.person,
        allowed=answer.allowed,
        conditions=list(told.open),
        records=list(answer.records),
        duties=[str(each) for each in answer.duties],
        rules=[
            RulingOut(
                line=ruling.line,
                role=ruling.role,
                organisation=ruling.kind,
                object=thing,
                actions=list(ruling.actions),
                effect=ruling.effect,
                conditions=list(ruling.conditions),
                applies=ruling.applies,
                failed=[FailedOut(name, str(why)) for name, why in ruling.failed],
                noted=[str(why) for why in ruling.noted],
            )
            for ruling in told.rulings
        ],
    )


def conflicts_out(people: list[RoleConflict], suppliers: list[SharedTrait]) -> ConflictsOut:
    return ConflictsOut(
        [RoleConflictOut(p.person_id, p.name, [p.first, p.second], list(p.roles), str(p.why)) for p in people],
        [SharedTraitOut(s.supplier_id, s.supplier_name, s.kind, s.trait, list(s.people)) for s in suppliers],
    )


def _parts(rule: Rule) -> tuple[str, str, str, list[str], str, list[str]]:
    return rule.role, rule.kind, rule.thing, rule.actions.split(" "), rule.effect, list(rule.conditions)
