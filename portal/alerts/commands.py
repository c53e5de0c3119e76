"""Raising an alert within whatever brought it, looking after it, resolving it."""

from uuid import UUID

from portal.alerts.events import RAISED, AlertResolved, AlertTaken
from portal.alerts.queries import policies_untold
from portal.alerts.states import ALERT
from portal.alerts.tables import Alert
from portal.banks.queries import approval_row, shared_in_company, was_offered_another
from portal.platform.actor import Actor
from portal.platform.i18n import _
from portal.platform.ids import new_id
from portal.platform.refusals import Invalid
from portal.platform.work import Change, changing

CHECK_ACCOUNT, CHECK_SHARED, WATCH = "alerts.check-account", "alerts.check-shared", "alerts.watch"


async def raise_alert(
    change: Change,
    kind: str,
    key: str,
    about: str = "",
    *,
    concerns: UUID | None = None,
    record: tuple[str, UUID] | None = None,
    once: bool = False,
) -> Alert | None:
    """Raise it unless one of this kind and key is open already, or, with `once`, was ever raised."""
    organisation = change.actor.organisation_id
    await change.value("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"alert {organisation} {kind} {key}")
    sql = "select 1 from alert where organisation_id = $1 and kind = $2 and subject_key = $3 and ($4 or state = 'open')"
    if await change.value(sql, organisation, kind, key, once):
        return None
    alert = Alert(
        id=new_id(),
        organisation_id=organisation,
        kind=kind,
        subject_key=key,
        about=about,
        concerns=concerns,
        record_kind=record[0] if record else "",
        record_id=record and record[1],
        raised_at=change.now,
    )
    change.record(RAISED[kind](alert.id), change.add(alert))
    return alert


async def take(actor: Actor, alert_id: UUID) -> Alert:
    """Look after it: others see that somebody does."""
    async with changing(actor, Alert, alert_id) as (change, alert):
        ALERT.take("take", alert, change)
        alert.looked_after_by = actor.person_id
        change.write(alert)
        change.record(AlertTaken(alert.id), alert)
    return alert


async def resolve(actor: Actor, alert_id: UUID, reason: str = "") -> Alert:
    """Say what it was and what was done; nobody resolves what is about themselves."""
    async with changing(actor, Alert, alert_id) as (change, alert):
        ALERT.take("resolve", alert, change)
        if not reason.strip():
            raise Invalid.field("reason", _("Say what it was, and what was done."))
        alert.looked_after_by = alert.looked_after_by or actor.person_id
        alert.resolved_by, alert.resolved_at, alert.reason = actor.person_id, change.now, reason
        change.write(alert)
        change.record(AlertResolved(alert.id, reason), alert)
    return alert


async def check_account(actor: Actor, approval_id: UUID) -> None:
    """A supplier of this buyer wants to be paid elsewhere: that is an alert, and so is an account that it shares."""
    async with changing(actor) as change:
        row = await approval_row(change, approval_id)
        if await was_offered_another(change, row):
            key, record = str(row.bank_account_id), ("bank-approval", row.id)
            await raise_alert(change, "bank-change", key, row.supplier_name, record=record, once=True)
    await check_shared(actor)


async def check_shared(actor: Actor) -> None:
    """Suppliers that have an account together with another supplier, or with a member of the company."""
    async with changing(actor) as change:
        for found in await shared_in_company(change):
            key = f"{found['supplier_id']} {found['trait']} {len(found['people'])}"
            record = ("supplier", found["supplier_id"])
            await raise_alert(change, "shared-account", key, found["supplier_name"], record=record, once=True)


async def watch(actor: Actor) -> None:
    """What no act of this company brings about: a release with other rules of access."""
    async with changing(actor) as change:
        for load in await policies_untold(change, change.now):
            await raise_alert(change, "policy-change", str(load["id"]), load["digest"][:12], once=True)
