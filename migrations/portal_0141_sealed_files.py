"""Received e-invoices are sealed: each file with a key of its own, which the key ring wraps."""

from portal.platform.migrations import sql_migration

ID = "2026-11-30T03:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Sealed files of received e-invoices"

# What lies there in plain bytes is sealed by a job of each supplier, since no key is in the database. Processes of the
# release before go on writing `content` and `xml` until they are restarted.
SEALED = """
alter table received_invoice
  alter content drop not null, add size int check (size between 1 and 10000000),
  add data_key bytea check (octet_length(data_key) < 200),
  add sealed bytea check (octet_length(sealed) < 10100000), add sealed_xml bytea check (octet_length(sealed_xml) < 10100000),
  drop constraint inside,
  add constraint inside check ((num_nonnulls(xml, sealed_xml) > 0) = (media_type = 'application/pdf')),
  add constraint plain_or_sealed check (case when sealed is null then content is not null and num_nonnulls(data_key, sealed_xml) = 0
    else num_nonnulls(content, xml) = 0 and num_nonnulls(data_key, size) = 2 end);
alter table received_invoice alter sealed set storage external, alter sealed_xml set storage external;
create index received_invoice_plain on received_invoice (supplier_id, invoice_id) where data_key is null;
grant update (content, xml, size, data_key, sealed, sealed_xml) on received_invoice to portal_app;

drop trigger unchanged on received_invoice;
create trigger unchanged before update of invoice_id, supplier_id, name, media_type, syntax, sha256, names_account, lines,
  left_out, received_at on received_invoice for each row execute function portal.refuse_change('what was received');
create trigger sealed_once before update of content, xml, size, sealed, sealed_xml on received_invoice for each row
  when (old.sealed is not null or new.sealed is null) execute function portal.refuse_change('what was received');
create trigger wrapped_once before update of data_key on received_invoice for each row
  when (old.data_key is not null and current_user <> 'portal_gate') execute function portal.refuse_change('the key');
comment on table received_invoice is
  'E-invoices as they came, byte by byte and sealed; `sealed_xml` is what a PDF carries inside. `sha256` and `size` are '
  'those of the file before it was sealed.';
comment on column received_invoice.data_key is
  'The key that this file alone is sealed with, wrapped with the key ring: a ring that turns wraps it anew.';
comment on column received_invoice.content is 'In plain bytes, of a release before; empty as soon as it is sealed.';
"""

# A ring that turns sees the wrapped keys and nothing of the files.
GATE = """
create policy gate on received_invoice to portal_gate using (true) with check (true);
grant select (invoice_id, supplier_id, data_key), update (data_key) on received_invoice to portal_gate;
set local role portal_gate;
create or replace function portal.sealed_secrets() returns table (kind text, id uuid, sealed bytea)
  language sql stable security definer set search_path = public as $$
  select 'person-key', person_id, wrapped from person_key union all
  select 'totp', person_id, sealed from totp union all
  select 'oidc', provider_id, sealed from identity_provider_secret union all
  select 'bank-account', bank_account_id, sealed from bank_account_number union all
  select 'fingerprint-key', id, sealed from fingerprint_key union all
  select 'signing-key', id, sealed from signing_key union all
  select 'received-file', invoice_id, data_key from received_invoice where data_key is not null $$;

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
  (select 'signing-key', id, sealed from signing_key order by generation desc limit $1) union
  (select 'received-file', invoice_id, data_key from received_invoice where data_key is not null
    order by invoice_id limit $1) union
  (select 'received-file', invoice_id, data_key from received_invoice where data_key is not null
    order by invoice_id desc limit $1) $$;

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
      where s.kind = 'signing-key' and g.id = s.id and g.sealed = s.present returning 1),
    files as (update received_invoice r set data_key = s.anew from s
      where s.kind = 'received-file' and r.invoice_id = s.id and r.data_key = s.present returning 1)
  select (select count(*) from people) + (select count(*) from apps) + (select count(*) from providers)
    + (select count(*) from accounts) + (select count(*) from fingerprints) + (select count(*) from signing)
    + (select count(*) from files) $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SEALED + GATE)
