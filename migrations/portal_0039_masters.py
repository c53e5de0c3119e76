"""Suppliers by hand: companies found by the numbers that registers gave them, and the first person of one asked by mail.

How a trading relationship may go on is the database's to refuse, as with every other record that has a state.
"""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T15:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Suppliers by hand"

NUMBERS = """
create function portal.number_key(number text) returns text language sql immutable parallel safe
  return upper(regexp_replace(number, '[^0-9A-Za-z]', '', 'g'));
comment on function portal.number_key is 'A number as registers compare it: without blanks, dots and dashes.';
create index organisation_vat on organisation (portal.number_key(vat_number)) where vat_number <> '';
create index organisation_gln on organisation (portal.number_key(gln)) where gln <> '';
create index organisation_register on organisation (portal.number_key(registration_number))
  where registration_number <> '' and country = 'CN';

-- Numbers that are one company's in the world; others are one court's or one country's, and would find a stranger.
create function portal.registered_as(number text) returns table (id uuid, name text)
  language sql stable security definer set search_path = public, portal as $$
  with key as (select portal.number_key($1) as wanted),
  numbered as (
    select o.id from organisation o, key where o.vat_number <> '' and portal.number_key(o.vat_number) = key.wanted
    union select o.id from organisation o, key where o.gln <> '' and portal.number_key(o.gln) = key.wanted
    union select o.id from organisation o, key where o.registration_number <> '' and o.country = 'CN'
      and portal.number_key(o.registration_number) = key.wanted),
  keeping as (
    select o.id, o.name from numbered n join organisation o using (id)
    where o.kind <> 'buyer' and o.id <> portal.organisation()
      and exists (select from membership m where m.organisation_id = o.id and m.active))
  select k.id, k.name from keeping k, key where length(key.wanted) >= 8 and (select count(*) from keeping) = 1 $$;
comment on function portal.registered_as is
  'The company that keeps its own data under exactly this number: for beginning to trade, never for listing.';
alter function portal.registered_as(text) owner to portal_gate;
set local role portal_gate;
revoke execute on function portal.registered_as(text) from public;
grant execute on function portal.registered_as(text) to portal_app;
reset role;
"""

RELATIONS = """
create trigger legal_state before update of state on trading_relationship for each row
  execute function portal.legal_state('invited>approved', 'in_qualification>approved', 'on_hold>approved', 'approved>on_hold',
    'invited>ended', 'in_qualification>ended', 'approved>ended', 'on_hold>ended', 'ended>approved');

-- Until somebody of a supplier acts for it, the buyer who keeps its data may ask its first person, and see that it did.
create policy hosted_asks on invitation for insert
  with check (portal.hosts(organisation_id) and invited_by = (select portal.person()));
create policy hosted_sees on invitation for select using (portal.hosts(organisation_id));
"""

NAMES = """
-- The order of names for readers: without case and accents, ß as ss, ø as o. The server has no collations but its own.
create function portal.collated(name text) returns text language sql immutable parallel safe
  return lower(replace(replace(replace(translate(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g'),
    'øØłŁđĐ', 'oOlLdD'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'));
comment on function portal.collated is 'By what a name is sorted: Å beside A, ß as ss; Chinese in the order of Unicode.';
create index trading_relationship_sorted on trading_relationship (buyer_id, portal.collated(supplier_name), id);
"""

RATES = """
alter table organisation add rate_days int not null default 7 check (rate_days between 1 and 366);
comment on column organisation.rate_days is 'A rate of exchange older than so many days is warned of before a document keeps it.';
"""

SAMPLES = """
create function portal.sealed_samples(most int) returns table (kind text, id uuid, sealed bytea)
  language sql stable security definer set search_path = public as $$
  (select 'person-key', person_id, wrapped from person_key order by created_at limit $1) union
  (select 'person-key', person_id, wrapped from person_key order by created_at desc limit $1) union
  (select 'totp', person_id, sealed from totp order by created_at limit $1) union
  (select 'totp', person_id, sealed from totp order by created_at desc limit $1) union
  (select 'oidc', provider_id, sealed from identity_provider_secret order by provider_id limit $1) union
  (select 'oidc', provider_id, sealed from identity_provider_secret order by provider_id desc limit $1) $$;
comment on function portal.sealed_samples is
  'The oldest and newest of each kind that is sealed with the key ring: whether the ring still opens them.';
alter function portal.sealed_samples(int) owner to portal_gate;
set local role portal_gate;
revoke execute on function portal.sealed_samples(int) from public;
grant execute on function portal.sealed_samples(int) to portal_app;
reset role;
drop function portal.wrapped_keys(int);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, NUMBERS + RELATIONS + NAMES + RATES + SAMPLES)
