"""What the API says of the workspace's findings."""

from typing import Any

from portal.operations.workspace.forms import MemberThenOut, PolicyThenOut, ReadersOut, SeerOut
from portal.operations.workspace.members import MemberThen
from portal.operations.workspace.policies import PolicyThen
from portal.operations.workspace.readers import Readers
from portal.platform.guarded import ACCOUNTS, NOTES, PRICES


def member_out(member: MemberThen) -> MemberThenOut:
    told: dict[str, Any] = member._asdict() | {"roles": list(member.roles)}
    return MemberThenOut(**told)


def policy_out(found: PolicyThen) -> PolicyThenOut:
    return PolicyThenOut(found.since, found.digest, found.release, found.known, list(found.rules), found.missed)


def readers_out(found: Readers) -> ReadersOut:
    people = [
        SeerOut(
            person_id=seer.member.person_id,
            name=seer.member.name,
            roles=list(seer.member.roles),
            rules=list(seer.rules),
            prices=PRICES in seer.fields,
            internal_notes=NOTES in seer.fields,
            bank_accounts=ACCOUNTS in seer.fields,
            perhaps=seer.perhaps or not seer.member.known,
        )
        for seer in found.seers
    ]
    return ReadersOut(
        record_id=found.record.record_id,
        at=found.record.at,
        permission=found.permission,
        policy=found.policy.digest,
        policy_known=found.policy.known,
        people=people,
        shared_with=found.shared_with,
        policy_missed=found.policy.missed,
    )
