"""Whom a company's identity provider names is known by issuer and subject, and the secret of a proposal waits with it."""

from portal.platform.migrations import sql_migration

ID = "2026-11-30T22:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Links to identity providers by issuer, secrets of proposals, domains of active providers"

# A subject means something with its issuer alone (OpenID Connect Core 1.0, 2 and 5.7). What was linked before belongs to
# the issuer that held at that moment. Processes of the release before do not say the issuer: the one that holds is meant.
LINKS = """
alter table provider_account no force row level security;
alter table identity_provider no force row level security;
alter table setting_version no force row level security;
alter table provider_account add issuer text;
update provider_account a set issuer = coalesce(
  (select v.value ->> 'issuer' from setting_version v where v.organisation_id = a.organisation_id
     and v.kind = 'identity-provider' and v.subject_id = a.provider_id and v.applied_at is not null
   order by v.applied_at <= a.created_at desc, abs(extract(epoch from v.applied_at - a.created_at)) limit 1), p.issuer)
from identity_provider p where p.id = a.provider_id;
alter table setting_version force row level security;
alter table identity_provider force row level security;
alter table provider_account force row level security;
alter table provider_account alter issuer set not null, drop constraint provider_account_pkey,
  drop constraint provider_account_provider_id_person_id_key, add primary key (provider_id, issuer, subject),
  add constraint provider_account_person unique (provider_id, issuer, person_id);
create function portal.issuer_of_link() returns trigger language plpgsql as $$ begin
  new.issuer := (select p.issuer from identity_provider p where p.id = new.provider_id);
  return new;
end $$;
create trigger issuer_of_link before insert on provider_account for each row when (new.issuer is null)
  execute function portal.issuer_of_link();
create index provider_account_of_person on provider_account (organisation_id, person_id);
grant delete on provider_account to portal_app;
comment on table provider_account is
  'Whom which issuer knows by which name: after a change of issuer nobody is the one whom the former issuer named.';

alter table identity_provider drop constraint identity_provider_domain_key;
create unique index identity_provider_domain_active on identity_provider (domain) where active;
"""

SECRETS = """
create table proposed_provider_secret (
  setting_id uuid primary key references setting_version, provider_id uuid not null references identity_provider,
  organisation_id uuid not null references organisation, sealed bytea not null);
create index proposed_provider_secret_of on proposed_provider_secret (provider_id);
call portal.protect('proposed_provider_secret', 'organisation_id = (select portal.organisation())');
revoke update on proposed_provider_secret from portal_app;
grant delete on proposed_provider_secret to portal_app;
call portal.open_to_gate('proposed_provider_secret', 'select, update');
comment on table proposed_provider_secret is
  'What a provider gave for a proposal, sealed with the key ring: it takes effect with the approval, and is gone with '
  'whatever else becomes of the proposal.';
"""

GATE = """
set local role portal_gate;
create or replace function portal.sealed_secrets() returns table (kind text, id uuid, sealed bytea)
  language sql stable security definer set search_path = public as $$
  select 'person-key', person_id, wrapped from person_key union all
  select 'totp', person_id, sealed from totp union all
  select 'oidc', provider_id, sealed from identity_provider_secret union all
  select 'oidc-proposal', setting_id, sealed from proposed_provider_secret union all
  select 'bank-account', bank_account_id, sealed from bank_account_number union all
  select 'fingerprint-key', id, sealed from fingerprint_key union all
  select 'signing-key', id, sealed from signing_key union all
  select 'received-file', invoice_id, data_key from received_invoice where data_key is not null union all
  select 'received-file', credit_note_id, data_key from received_credit_note $$;

create or replace function portal.sealed_samples(most int) returns table (kind text, id uuid, sealed bytea)
  language sql stable security definer set search_path = public as $$
  (select 'person-key', person_id, wrapped from person_key order by created_at limit $1) union
  (select 'person-key', person_id, wrapped from person_key order by created_at desc limit $1) union
  (select 'totp', person_id, sealed from totp order by created_at limit $1) union
  (select 'totp', person_id, sealed from totp order by created_at desc limit $1) union
  (select 'oidc', provider_id, sealed from identity_provider_secret order by provider_id limit $1) union
  (select 'oidc', provider_id, sealed from identity_provider_secret order by provider_id desc limit $1) union
  (select 'oidc-proposal', setting_id, sealed from proposed_provider_secret order by setting_id desc limit $1) union
  (select 'bank-account', bank_account_id, sealed from bank_account_number order by bank_account_id limit $1) union
  (select 'bank-account', bank_account_id, sealed from bank_account_number order by bank_account_id desc limit $1) union
  select 'fingerprint-key', id, sealed from fingerprint_key union
  (select 'signing-key', id, sealed from signing_key order by generation desc limit $1) union
  (select 'received-file', invoice_id, data_key from received_invoice where data_key is not null
    order by invoice_id limit $1) union
  (select 'received-file', invoice_id, data_key from received_invoice where data_key is not null
    order by invoice_id desc limit $1) union
  (select 'received-file', credit_note_id, data_key from received_credit_note order by credit_note_id limit $1) union
  (select 'received-file', credit_note_id, data_key from received_credit_note order by credit_note_id desc limit $1) $$;

create or replace function portal.reseal(kinds text[], ids uuid[], present bytea[], anew bytea[]) returns bigint
  language sql security definer set search_path = public as $$
  with s as (select * from unnest($1, $2, $3, $4) as s (kind, id, present, anew)),
    people as (update person_key k set wrapped = s.anew from s
      where s.kind = 'person-key' and k.person_id = s.id and k.wrapped = s.present returning 1),
    apps as (update totp t set sealed = s.anew from s
      where s.kind = 'totp' and t.person_id = s.id and t.sealed = s.present returning 1),
    providers as (update identity_provider_secret p set sealed = s.anew from s
      where s.kind = 'oidc' and p.provider_id = s.id and p.sealed = s.present returning 1),
    proposals as (update proposed_provider_secret p set sealed = s.anew from s
      where s.kind = 'oidc-proposal' and p.setting_id = s.id and p.sealed = s.present returning 1),
    accounts as (update bank_account_number n set sealed = s.anew from s
      where s.kind = 'bank-account' and n.bank_account_id = s.id and n.sealed = s.present returning 1),
    fingerprints as (update fingerprint_key f set sealed = s.anew from s
      where s.kind = 'fingerprint-key' and f.id = s.id and f.sealed = s.present returning 1),
    signing as (update signing_key g set sealed = s.anew from s
      where s.kind = 'signing-key' and g.id = s.id and g.sealed = s.present returning 1),
    files as (update received_invoice r set data_key = s.anew from s
      where s.kind = 'received-file' and r.invoice_id = s.id and r.data_key = s.present returning 1),
    credits as (update received_credit_note c set data_key = s.anew from s
      where s.kind = 'received-file' and c.credit_note_id = s.id and c.data_key = s.present returning 1)
  select (select count(*) from people) + (select count(*) from apps) + (select count(*) from providers)
    + (select count(*) from proposals) + (select count(*) from accounts) + (select count(*) from fingerprints)
    + (select count(*) from signing) + (select count(*) from files) + (select count(*) from credits) $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, LINKS + SECRETS + GATE)
