"""A person's own account, told so that a supplier with the same one is found: its number is not kept."""

from portal.access.guards import require_proof
from portal.banks.commands.numbers import fingerprint_of
from portal.banks.events import StaffAccountForgotten, StaffAccountTold
from portal.banks.forms import StaffAccountForm
from portal.banks.rules import compact
from portal.banks.tables import Person
from portal.platform.actor import Actor
from portal.platform.work import changing

_TOLD = """insert into staff_account (organisation_id, person_id, fingerprint, last_four, created_at)
values ($1, $2, $3, $4, $5) on conflict (organisation_id, person_id) do update set fingerprint = excluded.fingerprint,
  last_four = excluded.last_four, created_at = excluded.created_at"""


async def tell_own(actor: Actor, form: StaffAccountForm) -> None:
    """Keep a fingerprint of one's own account, and its last digits, in the company for which one acts. Takes a second
    factor."""
    require_proof(actor)
    async with changing(actor, Person, actor.person) as (change, person):
        fingerprint = await fingerprint_of(change, form.country, form.number, form.bank_code or "")
        last = compact(form.number)[-4:]
        change.sql(_TOLD, actor.organisation_id, person.id, fingerprint, last, change.now)
        change.record(StaffAccountTold(person.id, last), person)


async def forget_own(actor: Actor) -> None:
    """Keep nothing of it any more."""
    async with changing(actor, Person, actor.person) as (change, person):
        change.sql(
            "delete from staff_account where organisation_id = $1 and person_id = $2", actor.organisation_id, person.id
        )
        change.record(StaffAccountForgotten(person.id), person)
