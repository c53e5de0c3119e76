"""What brings an alert about: it is raised in the very transaction of the act, or of its entry in the log."""

from collections.abc import Iterable
from typing import Any

from portal.access.events import (
    MemberAdded,
    MemberInvited,
    ProviderAsked,
    ProviderSet,
    RolesChanged,
    SecurityPolicySet,
    SignInRefused,
    SignInsRefused,
)
from portal.alerts import rules
from portal.alerts.commands import CHECK_ACCOUNT, CHECK_SHARED, raise_alert
from portal.alerts.queries import accounts_tried, exports_lately, failures_lately, is_first_account
from portal.audit.events import DataExported, LargeFileTaken
from portal.banks.events import BankAccountConfirmed, BankAccountOffered, StaffAccountTold
from portal.platform.ids import new_id
from portal.platform.wiring import Job, Reaction
from portal.platform.work import Change


async def _exported(change: Change, event: DataExported) -> None:
    files, size = await exports_lately(change, change.now)
    if rules.is_mass(files + event.files, size + (event.bytes or 0)):
        person = str(event.person_id)
        await raise_alert(change, "mass-export", person, event.file, concerns=event.person_id)


async def _large(change: Change, event: LargeFileTaken) -> None:
    await raise_alert(change, "mass-export", str(event.person_id), event.file, concerns=event.person_id)


async def _refused(change: Change, event: SignInRefused) -> None:
    if await failures_lately(change, event.person_id, change.now) + 1 >= rules.MOST_FAILURES:
        await raise_alert(change, "sign-in-spike", str(event.person_id), record=("person", event.person_id))
    if await accounts_tried(change, event.address) >= rules.MOST_ACCOUNTS:
        await raise_alert(change, "address-spike", event.address, event.address)


async def _refused_often(change: Change, event: SignInsRefused) -> None:
    await raise_alert(change, "sign-in-spike", str(event.person_id), record=("person", event.person_id))


async def _policy_set(change: Change, _event: SecurityPolicySet) -> None:
    await raise_alert(change, "policy-change", f"sign-in {new_id()}", "sign-in", concerns=change.actor.person_id)


async def _provider(change: Change, event: ProviderAsked | ProviderSet) -> None:
    """Whoever it names is let in, so every administrator hears of it, when it is asked for and when it holds: of each
    time, whether or not somebody still looks after the time before."""
    about = "identity-provider.asked" if isinstance(event, ProviderAsked) else f"identity-provider {event.active}"
    await raise_alert(change, "policy-change", f"{about} {new_id()}", about, concerns=change.actor.person_id)


async def _administrator(change: Change, event: MemberAdded | MemberInvited | RolesChanged) -> None:
    """Another administrator is news to those there are. What the operator sets up is its own."""
    if "administrator" not in event.roles or change.actor.person_id is None:
        return
    who = event.invitation_id if isinstance(event, MemberInvited) else event.person_id
    await raise_alert(change, "policy-change", f"administrator {who}", "administrator", concerns=change.actor.person_id)


async def _confirmed(change: Change, event: BankAccountConfirmed) -> None:
    if await is_first_account(change, event.bank_account_id):
        return
    key, record = str(event.bank_account_id), ("bank-account", event.bank_account_id)
    await raise_alert(change, "bank-change", key, event.number, concerns=change.actor.person_id, record=record)


def _offered(_change: Change, event: BankAccountOffered) -> Iterable[Job]:
    yield Job(CHECK_ACCOUNT, event.buyer_id, {"approval_id": event.approval_id})


def _told(change: Change, _event: StaffAccountTold) -> Iterable[Job]:
    yield Job(CHECK_SHARED, change.actor.organisation_id, {})


REACTIONS: dict[Any, Reaction] = {
    DataExported: Reaction(now=[_exported]),
    LargeFileTaken: Reaction(now=[_large]),
    SignInRefused: Reaction(now=[_refused]),
    SignInsRefused: Reaction(now=[_refused_often]),
    SecurityPolicySet: Reaction(now=[_policy_set]),
    MemberAdded: Reaction(now=[_administrator]),
    MemberInvited: Reaction(now=[_administrator]),
    RolesChanged: Reaction(now=[_administrator]),
    ProviderAsked: Reaction(now=[_provider]),
    ProviderSet: Reaction(now=[_provider]),
    BankAccountConfirmed: Reaction(now=[_confirmed]),
    BankAccountOffered: Reaction(later=[_offered]),
    StaffAccountTold: Reaction(later=[_told]),
}
