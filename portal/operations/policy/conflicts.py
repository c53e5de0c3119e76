"""Who could break the segregation of duties: people whose roles together exclude each other, and suppliers with traits
of the company's own staff. Commands refuse the acts themselves; this tells where they could be tried."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from portal.access.duties import exclusions
from portal.access.guards import allowed
from portal.access.queries import colleagues
from portal.access.words import named
from portal.banks.queries import shared_in_company
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.nobodys import says_nothing
from portal.platform.work import View


class RoleConflict(NamedTuple):
    """Somebody who holds two permissions that exclude each other on one transaction, and by which roles; `alone` are
    those that give both by themselves."""

    person_id: UUID
    name: str
    first: str
    second: str
    roles: tuple[str, ...]
    why: Message
    alone: tuple[str, ...] = ()

    @property
    def said(self) -> Message:
        return _("{first} and {second}", first=named(self.first), second=named(self.second))


class Conflicted(NamedTuple):
    """Somebody with all pairs that they hold, each with the roles that give it."""

    person_id: UUID
    name: str
    pairs: list[RoleConflict]


class SharedTrait(NamedTuple):
    """A supplier that has something in common with somebody of the company, or with another supplier: the `domain` of
    an e-mail address, a `phone` number, a bank `account`."""

    supplier_id: UUID
    supplier_name: str
    kind: str
    trait: str
    people: tuple[str, ...]


async def role_conflicts(view: View) -> list[RoleConflict]:
    """By person; those who hold a pair by one role alone stand there too, since one role is too much then."""
    return [conflict for person in await colleagues(view) for conflict in _of(person)]


def by_person(conflicts: Iterable[RoleConflict]) -> list[Conflicted]:
    """A row a person, as they come; what several roles give together stands first."""
    found = [list(pairs) for _person, pairs in groupby(conflicts, key=lambda each: each.person_id)]
    return [Conflicted(p[0].person_id, p[0].name, sorted(p, key=lambda each: bool(each.alone))) for p in found]


def _of(person: Actor) -> list[RoleConflict]:
    kind = person.organisation_kind
    alone = {role: {each[:2] for each in exclusions((role,), kind)} for role in person.roles}
    return [
        RoleConflict(person.person, person.name, *each, tuple(r for r in each.roles if each[:2] in alone.get(r, ())))
        for each in exclusions(person.roles, kind)
    ]


async def shared_traits(view: View) -> list[SharedTrait]:
    """Suppliers that share what only one party should have, themselves or by their people, with people of the company;
    or a bank account with another supplier too; by name."""
    marks = await view.structs(SharedTrait, _SHARED, view.actor.organisation_id)
    marks = [each for each in marks if each.kind != "domain" or not says_nothing(each.trait)]
    accounts = [SharedTrait(**found, kind="account") for found in await shared_in_company(view)]
    if not allowed(view.actor, "bank-accounts:read"):
        accounts = [each._replace(trait=str(_("Bank account"))) for each in accounts]
    return sorted([*marks, *accounts], key=lambda each: (each.supplier_name, each.supplier_id))


# A number is written with its country, with zeros before it, or with neither: its last digits are the same.
_LAST = "right(regexp_replace({}, '[^0-9]', '', 'g'), 8)"
_SHARED = f"""
with person_of as (select p.full_name, p.email, p.phone from membership m join person p on p.id = m.person_id
  where m.organisation_id = $1 and m.active),
company_of as (select r.supplier_id, o.name, o.email, o.phone from trading_relationship r
  join organisation o on o.id = r.supplier_id where r.buyer_id = $1 and r.state <> 'ended'),
staff as (
  select full_name, 'domain' as kind, split_part(lower(email), '@', 2) as mark from person_of
  union select full_name, 'phone', {_LAST.format("phone")} from person_of where phone <> ''),
partner as (
  select supplier_id, name, 'domain' as kind, split_part(lower(email), '@', 2) as mark,
    split_part(lower(email), '@', 2) as trait from company_of
  union all
  select supplier_id, name, 'phone', {_LAST.format("phone")}, phone from company_of where phone <> ''
  union
  select supplier_id, name, kind, mark, case kind when 'phone' then '…' || mark else mark end
  from portal.shared_marks() join company_of using (supplier_id))
select partner.supplier_id, partner.name as supplier_name, kind, partner.trait,
  array_agg(staff.full_name order by staff.full_name) as people
from partner join staff using (kind, mark) where mark <> '' group by 1, 2, 3, 4 order by 2, 3
"""
