"""Documents, mails, and what the portal does by itself: due times of periodic jobs, and ending what has expired."""

from portal.platform.migrations import sql_migration

ID = "2026-11-21T07:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Documents, mails, periodic jobs, cleaning up"

SCHEDULE = """
-- The queue's own bookkeeping: when each periodic job was inserted last. Rows of nobody.
create table dramatiq.periodic_run (job text primary key, due_at timestamptz not null);
grant select, insert, update on dramatiq.periodic_run to portal_app;

create function portal.clean_up() returns table (sessions bigint, keys bigint)
  language sql security definer set search_path = public as $$
  with s as (delete from session where expires_at < now() returning 1),
       k as (delete from idempotency_key where created_at < now() - interval '24 hours' returning 1)
  select (select count(*) from s), (select count(*) from k) $$;
comment on function portal.clean_up() is 'Ends what has expired, of every organisation; tells how much and of nobody.';
alter function portal.clean_up() owner to portal_gate;
revoke execute on function portal.clean_up() from public;
grant execute on function portal.clean_up() to portal_app;
"""

DOCUMENTS = """
create table document (
  id uuid primary key, owner_id uuid not null, shown_to uuid,
  kind text not null, record_id uuid not null, number text not null, revision int not null check (revision > 0),
  language text not null, source text not null check (source ~ '^[0-9a-f]{64}$'), template text not null,
  state text not null default 'pending' check (state in ('pending', 'ready', 'failed')),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'), size bigint check (size > 0),
  media_type text not null default 'application/pdf', error text not null default '',
  attempts int not null default 0, requested_by uuid, requested_at timestamptz not null, ready_at timestamptz,
  version int not null default 1,
  unique (kind, record_id, revision, language, source, template),
  constraint file_when_ready
    check ((state = 'ready') = (sha256 is not null and size is not null and ready_at is not null)));
call portal.protect('document', '(select portal.organisation()) = any (array[owner_id, shown_to])');
call portal.keep(
  'document', 'owner_id', 'kind', 'record_id', 'revision', 'language', 'source', 'template', 'media_type');
create trigger legal_state before update of state on document for each row
  execute function portal.legal_state('pending>ready', 'pending>failed', 'failed>pending');
create trigger final before update on document for each row
  when (old.state = 'ready') execute function portal.refuse_change('a finished document');

-- What the document is set from: frozen with the request, so that setting it asks nobody and always gives the same.
create table document_source (
  document_id uuid primary key references document, owner_id uuid not null, shown_to uuid, snapshot jsonb not null);
call portal.protect('document_source', '(select portal.organisation()) = any (array[owner_id, shown_to])');
revoke update on document_source from portal_app;
"""

MAILS = """
create table mail_message (
  id uuid primary key, organisation_id uuid not null references organisation, person_id uuid not null references person,
  entry_id uuid not null, event text not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  error text not null default '', message_id text not null, created_at timestamptz not null, sent_at timestamptz,
  version int not null default 1,
  unique (entry_id, person_id), constraint time_when_sent check ((state = 'sent') = (sent_at is not null)));
create index mail_message_waiting on mail_message (organisation_id, created_at) where state = 'queued';
create index mail_message_person on mail_message (person_id, created_at desc);
call portal.protect('mail_message', 'organisation_id = (select portal.organisation())');
call portal.keep('mail_message', 'organisation_id', 'person_id', 'entry_id', 'event', 'message_id');
create trigger legal_state before update of state on mail_message for each row
  execute function portal.legal_state('queued>sent', 'queued>failed');
grant select on portal.member to portal_app;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SCHEDULE + DOCUMENTS + MAILS)
