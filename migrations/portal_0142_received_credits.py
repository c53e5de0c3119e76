"""Credit notes as they came: the file itself, sealed and never changed, beside the credit note that was made of it."""

from portal.platform.migrations import sql_migration

ID = "2026-11-30T04:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Received credit notes"

# A file goes with its draft and with nothing else: what was sent is never removed. The buyer sees it with the credit
# note.
RECEIVED = """
create table received_credit_note (
  credit_note_id uuid primary key references credit_note on delete cascade,
  supplier_id uuid not null references organisation,
  name text not null check (length(name) between 1 and 200),
  media_type text not null check (media_type in ('application/xml', 'application/pdf')),
  syntax text not null check (syntax in ('ubl', 'cii')),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'), size int not null check (size between 1 and 10000000),
  data_key bytea not null check (octet_length(data_key) < 200),
  sealed bytea not null check (octet_length(sealed) < 10100000),
  sealed_xml bytea check (octet_length(sealed_xml) < 10100000),
  names_account boolean not null, lines jsonb not null, left_out jsonb not null, received_at timestamptz not null,
  constraint inside check ((sealed_xml is not null) = (media_type = 'application/pdf')));
alter table received_credit_note alter sealed set storage external, alter sealed_xml set storage external;
create index received_credit_note_supplier on received_credit_note (supplier_id);
call portal.protect('received_credit_note', 'supplier_id = (select portal.organisation())');
create policy partner on received_credit_note for select using (exists (select from credit_note c
  where c.id = received_credit_note.credit_note_id and c.shown_to = (select portal.organisation())));
create policy scope on received_credit_note as restrictive for select to portal_scoped using (
  exists (select from credit_note head where head.id = credit_note_id));
revoke update on received_credit_note from portal_app;
create trigger unchanged before update of credit_note_id, supplier_id, name, media_type, syntax, sha256, size, sealed,
  sealed_xml, names_account, lines, left_out, received_at on received_credit_note
  for each row execute function portal.refuse_change('what was received');
create trigger wrapped_once before update of data_key on received_credit_note for each row
  when (current_user <> 'portal_gate') execute function portal.refuse_change('the key');
comment on table received_credit_note is 'Credit notes as they came, byte by byte and sealed; `sealed_xml` is what a PDF '
  'carries inside. `sha256` and `size` are those of the file before it was sealed.';
comment on column received_credit_note.lines is
  'Of each line of the file: the invoice line that it gives back, or why it is not in the credit note.';
comment on column received_credit_note.data_key is
  'The key that this file alone is sealed with, wrapped with the key ring: a ring that turns wraps it anew.';
"""

# A ring that turns sees the wrapped keys and nothing of the files.
GATE = """
create policy gate on received_credit_note to portal_gate using (true) with check (true);
grant select (credit_note_id, supplier_id, data_key), update (data_key) on received_credit_note to portal_gate;
set local role portal_gate;
create or replace function portal.sealed_secrets() returns table (kind text, id uuid, sealed bytea)
  language sql stable security definer set search_path = public as $$
  select 'person-key', person_id, wrapped from person_key union all
  select 'totp', person_id, sealed from totp union all
  select 'oidc', provider_id, sealed from identity_provider_secret union all
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
    + (select count(*) from accounts) + (select count(*) from fingerprints) + (select count(*) from signing)
    + (select count(*) from files) + (select count(*) from credits) $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, RECEIVED + GATE)
