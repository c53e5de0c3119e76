"""Who could break the segregation of duties: people whose roles together exclude each other, and suppliers with traits
of the company's own staff. Commands refuse the acts themselves; this tells where they could be tried."""

from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from portal.access.duties import counterparts
from portal.access.guards import allowed
from portal.access.policy import POLICY
from portal.access.queries import colleagues
from portal.access.words import named
from portal.banks.queries import shared_in_company
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.work import View


class RoleConflict(NamedTuple):
    """Somebody who holds two permissions that exclude each other on one transaction, and by which roles."""

    person_id: UUID
    name: str
    first: str
    second: str
    roles: tuple[str, ...]
    why: Message

    @property
    def said(self) -> Message:
        return _("{first} and {second}", first=named(self.first), second=named(self.second))


class SharedTrait(NamedTuple):
    """A supplier that has something in common with somebody of the company, or with another supplier: the domain of an
    e-mail address, a bank account."""

    supplier_id: UUID
    supplier_name: str
    trait: str
    people: tuple[str, ...]


async def role_conflicts(view: View) -> list[RoleConflict]:
    """By person; those who hold a pair by one role alone stand there too, since one role is too much then."""
    return [conflict for person in await colleagues(view) for conflict in _of(person)]


def _of(person: Actor) -> list[RoleConflict]:
    excluding = counterparts()
    pairs = [pair for pair in combinations(sorted(excluding), 2) if pair[1] in excluding[pair[0]]]
    return [
        RoleConflict(person.person, person.name, first, second, roles, _(excluding[first][second]))
        for first, second in pairs
        if (roles := _giving(person, first, second))
    ]


def _giving(person: Actor, *permissions: str) -> tuple[str, ...]:
    """The roles that give all of these to the person; empty where one of them is denied or not held."""
    kind = person.organisation_kind
    if not all(POLICY.decide(person.roles, kind, each) for each in permissions):
        return ()
    gives = {role for role in person.roles for each in permissions if POLICY.decide(frozenset({role}), kind, each)}
    return tuple(sorted(gives))


async def shared_traits(view: View) -> list[SharedTrait]:
    """Suppliers whose addresses are of the same domain as those of the company's people, or whose bank account is that
    of another supplier or of somebody of the company; by name."""
    domains = await view.structs(SharedTrait, _DOMAINS, view.actor.organisation_id)
    accounts = [SharedTrait(**found) for found in await shared_in_company(view)]
    if not allowed(view.actor, "bank-accounts:read"):
        accounts = [each._replace(trait=str(_("Bank account"))) for each in accounts]
    return sorted([*domains, *accounts], key=lambda each: (each.supplier_name, each.supplier_id))


_DOMAINS = """
with staff as (select distinct split_part(p.email, '@', 2) as domain, p.full_name
  from membership m join person p on p.id = m.person_id where m.organisation_id = $1 and m.active),
partner as (select r.supplier_id, o.name, split_part(lower(o.email), '@', 2) as domain
  from trading_relationship r join organisation o on o.id = r.supplier_id
  where r.buyer_id = $1 and r.state <> 'ended' and o.email <> '')
select partner.supplier_id, partner.name as supplier_name, partner.domain as trait,
  array_agg(staff.full_name order by staff.full_name) as people
from partner join staff using (domain) where partner.domain <> '' group by 1, 2, 3 order by 2
"""
