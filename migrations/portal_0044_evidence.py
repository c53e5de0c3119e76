"""Evidence: files that people attach to records, from their first byte to their tombstone."""

from portal.platform.migrations import sql_migration

ID = "2026-11-24T14:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Files attached to records"

FILES = """
create table evidence_file (
  id uuid primary key, owner_id uuid not null references organisation, buyer_id uuid not null references organisation,
  supplier_id uuid not null references organisation, shown_to uuid references organisation,
  kind text not null, record_id uuid not null, record_number text not null default '',
  name text not null check (name <> '' and octet_length(name) <= 255), note text not null default '',
  size bigint not null check (size between 1 and 200000000), internal boolean not null default false,
  state text not null default 'uploading'
    check (state in ('uploading', 'quarantined', 'clean', 'unscanned', 'infected', 'refused', 'abandoned', 'deleted')),
  media_type text not null default '', sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  preview_sha256 text check (preview_sha256 ~ '^[0-9a-f]{64}$'), scanner text not null default '',
  finding text not null default '', checked_at timestamptz, created_by uuid, created_at timestamptz not null,
  deleted_by uuid, deleted_at timestamptz, version int not null default 1,
  constraint evidence_known check (state not in ('clean', 'unscanned', 'infected') or sha256 is not null),
  constraint evidence_internal check (not internal or shown_to is null),
  constraint evidence_shared_stays check (state not in ('uploading', 'deleted', 'abandoned') or shown_to is null),
  check (owner_id in (buyer_id, supplier_id) and shown_to in (buyer_id, supplier_id) and shown_to <> owner_id));
call portal.protect('evidence_file', '(select portal.organisation()) = any(array[owner_id, shown_to])');
call portal.keep('evidence_file', 'owner_id', 'buyer_id', 'supplier_id', 'kind', 'record_id', 'size', 'created_by', 'created_at');
create index evidence_file_record on evidence_file (record_id, created_at);
create index evidence_file_unsettled on evidence_file (owner_id, created_at)
  where state in ('uploading', 'quarantined');
create trigger legal_state before update of state on evidence_file for each row execute function portal.legal_state(
  'uploading>quarantined', 'uploading>refused', 'uploading>abandoned', 'uploading>deleted', 'quarantined>clean',
  'quarantined>unscanned', 'quarantined>infected', 'quarantined>refused', 'quarantined>deleted', 'clean>deleted',
  'unscanned>deleted', 'infected>deleted', 'refused>deleted');

create function portal.evidence_stays() returns trigger language plpgsql as $$
begin
  raise exception 'evidence that was shared or checked stays what it is' using errcode = 'check_violation',
    constraint = 'evidence_shared_stays';
end $$;
create trigger evidence_stays before update on evidence_file for each row
  when (old.shown_to is not null and new.shown_to is distinct from old.shown_to
    or old.sha256 is not null and new.sha256 is distinct from old.sha256)
  execute function portal.evidence_stays();
"""

SHARED = """
-- What was attached to a draft for both sides is shown when the draft is: whoever issues or sends it sees the files.
create function portal.show_evidence() returns trigger language plpgsql as $$
begin
  update evidence_file set shown_to = new.shown_to, version = version + 1
    where record_id = new.id and shown_to is null and not internal and owner_id <> new.shown_to
      and state not in ('uploading', 'deleted', 'abandoned');
  return null;
end $$;
"""

RECORDS = ("purchase_order", "despatch_advice", "service_entry", "invoice", "credit_note")
SHOWN = "\n".join(
    f"create trigger show_evidence after update of shown_to on {table} for each row "
    "when (old.shown_to is null and new.shown_to is not null) execute function portal.show_evidence();"
    for table in RECORDS
)


async def forwards():
    return sql_migration(ID, DESCRIPTION, FILES + SHARED + SHOWN)
