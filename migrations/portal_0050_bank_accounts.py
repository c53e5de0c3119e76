"""Bank accounts of suppliers: versions by two people, approved by two people of each buyer, payable after a cool-off.

The number of an account lies apart, sealed with the key ring, so that no log, export or list can carry it.
"""

from portal.platform.migrations import sql_migration

ID = "2026-11-25T16:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Bank accounts of suppliers, their approval for paying, payments that name them"

ACCOUNTS = """
create table bank_account (
  id uuid primary key, supplier_id uuid not null references organisation, version int not null default 1,
  origin uuid not null, revision int not null default 1 check (revision > 0), supersedes uuid references bank_account,
  state text not null check (state in ('proposed', 'confirmed', 'declined', 'withdrawn', 'superseded', 'ended')),
  label text not null default '', holder text not null check (holder <> ''), country text not null,
  currency text not null, bank_name text not null default '', bank_code text not null default '',
  bic text not null default '', number text not null check (length(number) <= 16),
  created_by uuid, created_at timestamptz not null, decided_by uuid, decided_at timestamptz,
  ended_by uuid, ended_at timestamptz, reason text not null default '',
  constraint two_people check (state not in ('confirmed', 'superseded') or (created_by is not null
    and decided_by is not null and decided_by <> created_by)),
  constraint decided_when check ((state = 'proposed') = (decided_at is null) or state in ('withdrawn', 'ended')));
create unique index bank_account_superseded_once on bank_account (supersedes)
  where state in ('proposed', 'confirmed', 'superseded');
create unique index bank_account_revision on bank_account (origin, revision)
  where state in ('confirmed', 'superseded', 'ended');
create index bank_account_list on bank_account (supplier_id, created_at desc, id desc);

create table bank_approval (
  id uuid primary key, buyer_id uuid not null references organisation,
  supplier_id uuid not null references organisation, shown_to uuid not null check (shown_to = supplier_id),
  supplier_name text not null, bank_account_id uuid not null references bank_account, number text not null,
  version int not null default 1,
  state text not null check (state in ('offered', 'proposed', 'approved', 'declined', 'revoked', 'ended')),
  created_by uuid, created_at timestamptz not null, submitted_by uuid, submitted_at timestamptz,
  call_back text not null default '', decided_by uuid, decided_at timestamptz,
  payable_from timestamptz, payable_until timestamptz, reason text not null default '',
  constraint two_people check (state <> 'approved' or (submitted_by is not null and decided_by is not null
    and submitted_by <> decided_by and created_by is distinct from decided_by)),
  constraint called_back check (state not in ('proposed', 'approved') or call_back <> ''),
  constraint cools_off check (state <> 'approved' or (payable_from is not null and payable_from >= decided_at)));
create unique index bank_approval_once on bank_approval (buyer_id, bank_account_id);
create index bank_approval_buyer on bank_approval (buyer_id, created_at desc, id desc);
create index bank_approval_supplier on bank_approval (shown_to, bank_account_id);
create index bank_approval_account on bank_approval (bank_account_id, buyer_id);
create index bank_approval_pair on bank_approval (buyer_id, supplier_id);
call portal.protect('bank_approval', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
-- A buyer sees a version that was shown to it, and nobody else's.
call portal.protect('bank_account', '(select portal.organisation()) = supplier_id or exists (select from bank_approval a
  where a.bank_account_id = bank_account.id and a.buyer_id = (select portal.organisation()))');

create table bank_account_number (
  bank_account_id uuid primary key references bank_account, supplier_id uuid not null references organisation,
  sealed bytea not null, fingerprint bytea not null);
create index bank_account_fingerprint on bank_account_number (fingerprint);
call portal.protect('bank_account_number', '(select portal.organisation()) = supplier_id or exists (select
  from bank_approval a where a.bank_account_id = bank_account_number.bank_account_id
  and a.buyer_id = (select portal.organisation()))');
revoke update on bank_account_number from portal_app;
call portal.open_to_gate('bank_account_number', 'select, update');

comment on table bank_account is
  'A version of where a supplier is paid. Its number stands in bank_account_number, sealed; number here is masked.';
comment on column bank_account.origin is 'The id of the first version: all versions of one account have the same.';
comment on table bank_approval is
  'Whether a buyer pays to a version of a supplier''s account: offered, proposed after a call back, approved by another.';
comment on column bank_approval.payable_from is 'When the cool-off ends that began with the approval.';
comment on column bank_approval.payable_until is 'From when on a newer version of the account is paid in its place.';
comment on column bank_account_number.fingerprint is
  'HMAC of the account under a key of its own (fingerprint_key): equal where two accounts are one.';
"""

WAYS = """
create trigger legal_state before update of state on bank_account for each row execute function portal.legal_state(
  'proposed>confirmed', 'proposed>declined', 'proposed>withdrawn', 'confirmed>superseded', 'confirmed>ended',
  'superseded>ended');
create trigger sealed before update on bank_account for each row execute function portal.sealed(
  'version', 'state', 'decided_by', 'decided_at', 'ended_by', 'ended_at', 'reason');
create trigger final before update on bank_account for each row
  when (old.state in ('declined', 'withdrawn', 'ended')) execute function portal.refuse_change('what is over');
create trigger begins before insert on bank_account for each row
  when (new.state <> 'proposed' or new.supplier_id is distinct from portal.organisation())
  execute function portal.refuse('a supplier proposes its own account');
create trigger by_supplier before update on bank_account for each row
  when (old.supplier_id is distinct from portal.organisation())
  execute function portal.refuse('a supplier decides on its own account');
create trigger own before insert on bank_account_number for each row
  when (new.supplier_id is distinct from portal.organisation())
  execute function portal.refuse('a supplier enters its own account');
create trigger sealed before update on bank_account_number for each row execute function portal.sealed('sealed');

create trigger legal_state before update of state on bank_approval for each row execute function portal.legal_state(
  'offered>proposed', 'declined>proposed', 'revoked>proposed', 'offered>declined', 'proposed>declined',
  'proposed>approved', 'approved>revoked', 'offered>ended', 'proposed>ended', 'approved>ended', 'declined>ended',
  'revoked>ended');
create trigger sealed before update on bank_approval for each row execute function portal.sealed(
  'version', 'state', 'submitted_by', 'submitted_at', 'call_back', 'decided_by', 'decided_at', 'payable_from',
  'payable_until', 'reason');
create trigger final before update on bank_approval for each row when (old.state = 'ended')
  execute function portal.refuse_change('what is over');
create trigger begins before insert on bank_approval for each row
  when (new.state <> 'offered' or new.supplier_id is distinct from portal.organisation())
  execute function portal.refuse('a supplier offers its own account');
create trigger by_buyer before update on bank_approval for each row
  when (new.state <> 'ended' and new.buyer_id is distinct from portal.organisation()
    and (new.state, new.submitted_by, new.call_back, new.decided_by, new.payable_from)
      is distinct from (old.state, old.submitted_by, old.call_back, old.decided_by, old.payable_from))
  execute function portal.refuse('the buyer decides where it pays');
create trigger ended_by_supplier before update of state on bank_approval for each row
  when (new.state = 'ended' and new.supplier_id is distinct from portal.organisation())
  execute function portal.refuse('the supplier ends its own account');

alter table organisation add bank_cool_off_days int not null default 5
  check (bank_cool_off_days between 0 and 60);
comment on column organisation.bank_cool_off_days is
  'For so many days nothing is paid to a supplier''s account after it was approved.';
"""

# A payment names the version that it went to; the database refuses one that may not be paid.
PAYMENTS = """
alter table payment add bank_approval_id uuid references bank_approval;
create index payment_bank_approval on payment (bank_approval_id) where bank_approval_id is not null;
comment on column payment.bank_approval_id is 'The approved version of the supplier''s account that it went to.';
create function portal.paid_where_it_may_be() returns trigger language plpgsql as $$ begin
  if new.amount > 0 and not (case when new.bank_approval_id is null
      then not exists (select from bank_approval a where a.buyer_id = new.buyer_id and a.supplier_id = new.supplier_id)
      else exists (select from bank_approval a where a.id = new.bank_approval_id and a.buyer_id = new.buyer_id
        and a.supplier_id = new.supplier_id and a.state = 'approved' and a.payable_from <= portal.now()
        and (a.payable_until is null or a.payable_until > portal.now())) end) then
    raise check_violation using message = 'this account may not be paid', constraint = 'payable_account';
  end if;
  return new;
end $$;
create trigger payable_account before insert on payment for each row execute function portal.paid_where_it_may_be();
"""

# A person may tell the last four digits of their own account, which only says whether a supplier has the same.
STAFF = """
create table staff_account (
  organisation_id uuid not null references organisation, person_id uuid not null references person,
  fingerprint bytea not null, last_four text not null check (length(last_four) <= 4),
  created_at timestamptz not null default now(), primary key (organisation_id, person_id));
create index staff_account_fingerprint on staff_account (organisation_id, fingerprint);
call portal.protect('staff_account', 'organisation_id = (select portal.organisation())');
grant delete on staff_account to portal_app;
create trigger own before insert or update on staff_account for each row
  when (new.person_id is distinct from portal.person()) execute function portal.refuse('an account is told by its holder');
call portal.open_to_gate('staff_account', 'select, delete');
create function portal.forget_staff_account() returns trigger language plpgsql as $$ begin
  delete from staff_account where person_id = new.person_id;
  return null;
end $$;
create trigger forget_staff_account after insert on person_erasure for each row
  execute function portal.forget_staff_account();

create table fingerprint_key (
  id uuid primary key default uuidv7(), alone boolean not null default true unique check (alone), sealed bytea not null);
alter table fingerprint_key enable row level security;
alter table fingerprint_key force row level security;
call portal.open_to_gate('fingerprint_key', 'select, insert, update');
comment on table fingerprint_key is
  'The key under which accounts are compared, sealed with the ring; it outlives a ring that is rotated.';
"""

GATE = """
set local role portal_gate;
create function portal.fingerprint_key(candidate uuid, fresh bytea) returns table (id uuid, sealed bytea)
  language sql security definer set search_path = public as $$
  insert into fingerprint_key (id, sealed) values ($1, $2) on conflict (alone) do nothing;
  select k.id, k.sealed from fingerprint_key k $$;
comment on function portal.fingerprint_key is 'The sealed key under which accounts are compared; made when first asked.';
revoke execute on function portal.fingerprint_key from public;
grant execute on function portal.fingerprint_key to portal_app;

create or replace function portal.sealed_secrets() returns table (kind text, id uuid, sealed bytea)
  language sql stable security definer set search_path = public as $$
  select 'person-key', person_id, wrapped from person_key union all
  select 'totp', person_id, sealed from totp union all
  select 'oidc', provider_id, sealed from identity_provider_secret union all
  select 'bank-account', bank_account_id, sealed from bank_account_number union all
  select 'fingerprint-key', id, sealed from fingerprint_key $$;

create or replace function portal.sealed_samples(most int) returns table (kind text, id uuid, sealed bytea)
  language sql stable security definer set search_path = public as $$
  (select 'person-key', person_id, wrapped from person_key order by created_at limit $1) union
  (select 'person-key', person_id, wrapped from person_key order by created_at desc limit $1) union
  (select 'totp', person_id, sealed from totp order by created_at limit $1) union
  (select 'totp', person_id, sealed from totp order by created_at desc limit $1) union
  (select 'oidc', provider_id, sealed from identity_provider_secret order by provider_id limit $1) union
  (select 'oidc', provider_id, sealed from identity_provider_secret order by provider_id desc limit $1) union
  (select 'bank-account', bank_account_id, sealed from bank_account_number order by bank_account_id limit $1) union
  (select 'bank-account', bank_account_id, sealed from bank_account_number order by bank_account_id desc limit $1) union
  select 'fingerprint-key', id, sealed from fingerprint_key $$;

create or replace function portal.reseal(kinds text[], ids uuid[], present bytea[], anew bytea[]) returns bigint
  language sql security definer set search_path = public as $$
  with s as (select * from unnest($1, $2, $3, $4) as s (kind, id, present, anew)),
    people as (update person_key k set wrapped = s.anew from s
      where s.kind = 'person-key' and k.person_id = s.id and k.wrapped = s.present returning 1),
    apps as (update totp t set sealed = s.anew from s
      where s.kind = 'totp' and t.person_id = s.id and t.sealed = s.present returning 1),
    providers as (update identity_provider_secret p set sealed = s.anew from s
      where s.kind = 'oidc' and p.provider_id = s.id and p.sealed = s.present returning 1),
    accounts as (update bank_account_number n set sealed = s.anew from s
      where s.kind = 'bank-account' and n.bank_account_id = s.id and n.sealed = s.present returning 1),
    fingerprints as (update fingerprint_key f set sealed = s.anew from s
      where s.kind = 'fingerprint-key' and f.id = s.id and f.sealed = s.present returning 1)
  select (select count(*) from people) + (select count(*) from apps) + (select count(*) from providers)
    + (select count(*) from accounts) + (select count(*) from fingerprints) $$;
reset role;
"""

# The cool-off is a setting that two people make; the view and the usual values stand on what they were before.
SETTING = """
do $$ begin
  execute format('create or replace view portal.setting_now with (security_invoker = true) as %s union all
    select id, ''bank-cool-off'', id, jsonb_build_object(''bank_cool_off_days'', bank_cool_off_days) from organisation',
    rtrim(pg_get_viewdef('portal.setting_now'), '; '));
  execute regexp_replace(pg_get_functiondef('portal.setting_usual'::regproc), 'select case ',
    'select case when $1 = ''bank-cool-off'' then ''{"bank_cool_off_days": 5}''::jsonb ');
end $$;
create constraint trigger cool_off_recorded after update of bank_cool_off_days on organisation
  deferrable initially deferred for each row when (old.bank_cool_off_days <> new.bank_cool_off_days)
  execute function portal.record_setting('bank-cool-off', 'id', 'id');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ACCOUNTS + WAYS + PAYMENTS + STAFF + GATE + SETTING)
