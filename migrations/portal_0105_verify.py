"""Whether a file in hand was issued here is found by its hash; the portal has a certificate authority of its own.

Neither is anybody's: who asks holds the file, and certificates are public. The keys lie sealed with the key ring.
"""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T15:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Files that were issued by their hash, the portal's certificate authority"

AUTHORITY = """
create table signing_key (
  id uuid primary key, kind text not null check (kind in ('root', 'signing')),
  generation int not null check (generation > 0), certificate bytea not null, sealed bytea not null,
  valid_from timestamptz not null, valid_until timestamptz not null check (valid_until > valid_from),
  unique (kind, generation));
alter table signing_key enable row level security;
alter table signing_key force row level security;
call portal.open_to_gate('signing_key', 'select, insert, update');
create trigger sealed before update on signing_key for each row execute function portal.sealed('sealed');
comment on table signing_key is
  'The certificates that the portal signs with, and the root they rest on; keys are sealed with the ring.';
comment on column signing_key.generation is 'Counts the certificates of a kind; the newest one signs.';
"""

GATE = """
create index document_sha256 on document (sha256) where sha256 is not null;
set local role portal_gate;
create function portal.issued_files(hashes text[]) returns table (sha256 text, kind text, number text, revision int,
  issuer text, issued_at timestamptz, code text, is_current boolean, is_logged boolean)
  language sql stable security definer set search_path = public as $$
  select d.sha256, d.kind, d.number, d.revision, o.name, d.ready_at, left(d.source, 12),
    not exists (select from document n where n.kind = d.kind and n.record_id = d.record_id and n.revision > d.revision)
      and not exists (select from purchase_order p where d.kind = 'purchase-order' and p.id = d.record_id
        and p.revision > d.revision),
    exists (select from audit_entry e join audit_seal s on s.entry_id = e.id
      where e.subject_id = d.id and e.event = 'document.ready')
  from document d join organisation o on o.id = d.owner_id where d.sha256 = any ($1) $$;
comment on function portal.issued_files is
  'What is told of a file to whoever holds it: what it is of, and whether a later revision exists. Nothing without it.';
revoke execute on function portal.issued_files from public;
grant execute on function portal.issued_files to portal_app;

create function portal.signing_keys() returns table (id uuid, kind text, generation int, certificate bytea,
  sealed bytea, valid_from timestamptz, valid_until timestamptz)
  language sql stable security definer set search_path = public as $$
  select id, kind, generation, certificate, sealed, valid_from, valid_until from signing_key
  order by kind, generation desc $$;
comment on function portal.signing_keys is 'The portal''s certificates, newest first, with their sealed keys.';
revoke execute on function portal.signing_keys from public;
grant execute on function portal.signing_keys to portal_app;

create function portal.add_signing_key(id uuid, kind text, generation int, certificate bytea, sealed bytea,
  valid_from timestamptz, valid_until timestamptz) returns void
  language sql security definer set search_path = public as $$
  insert into signing_key values ($1, $2, $3, $4, $5, $6, $7) on conflict (kind, generation) do nothing $$;
comment on function portal.add_signing_key is 'Keeps a new certificate, unless another process made one meanwhile.';
revoke execute on function portal.add_signing_key from public;
grant execute on function portal.add_signing_key to portal_app;
"""

# The ring is turned, and missed, with these keys too.
RING = """
create or replace function portal.sealed_secrets() returns table (kind text, id uuid, sealed bytea)
  language sql stable security definer set search_path = public as $$
  select 'person-key', person_id, wrapped from person_key union all
  select 'totp', person_id, sealed from totp union all
  select 'oidc', provider_id, sealed from identity_provider_secret union all
  select 'bank-account', bank_account_id, sealed from bank_account_number union all
  select 'fingerprint-key', id, sealed from fingerprint_key union all
  select 'signing-key', id, sealed from signing_key $$;

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
  select 'fingerprint-key', id, sealed from fingerprint_key union
  (select 'signing-key', id, sealed from signing_key order by generation desc limit $1) $$;

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
      where s.kind = 'fingerprint-key' and f.id = s.id and f.sealed = s.present returning 1),
    signing as (update signing_key g set sealed = s.anew from s
      where s.kind = 'signing-key' and g.id = s.id and g.sealed = s.present returning 1)
  select (select count(*) from people) + (select count(*) from apps) + (select count(*) from providers)
    + (select count(*) from accounts) + (select count(*) from fingerprints) + (select count(*) from signing) $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, AUTHORITY + GATE + RING)
