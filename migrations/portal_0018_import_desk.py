"""The import desk: files that people bring by the page, the mappings they keep, and what came of each run."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T18:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Imports from a page, saved mappings, problems of a run"

# An import that succeeded has a row of the same id in import_run, which its transaction wrote: whoever finds one running
# that nobody runs any more asks there whether it came to its end.
IMPORTS = """
create table file_import (
  id uuid primary key, organisation_id uuid not null references organisation,
  name text not null check (length(name) <= 300),
  kind text not null check (kind in ('', 'suppliers', 'items', 'prices', 'orders', 'receipts', 'all')),
  state text not null check (state in ('draft', 'queued', 'running', 'refused', 'tried', 'imported', 'unchanged',
    'cancelled', 'interrupted', 'failed', 'discarded')),
  mapping jsonb not null, mapping_name text not null, mapping_number int,
  trial boolean not null, leave_out boolean not null, report jsonb, refusal jsonb,
  corrects_id uuid references file_import, created_by uuid, created_at timestamptz not null,
  started_by uuid, started_at timestamptz, ended_at timestamptz, cancel_asked_at timestamptz,
  version int not null default 1);
create index file_import_newest on file_import (organisation_id, created_at desc, id desc);
create index file_import_corrects on file_import (corrects_id) where corrects_id is not null;
call portal.protect('file_import', 'organisation_id = (select portal.organisation())');
call portal.keep('file_import', 'organisation_id', 'corrects_id', 'created_by', 'created_at');
create trigger legal_state before update of state on file_import for each row execute function portal.legal_state(
  'refused>draft', 'tried>draft', 'cancelled>draft', 'interrupted>draft', 'failed>draft',
  'draft>queued', 'refused>queued', 'tried>queued', 'cancelled>queued', 'interrupted>queued', 'failed>queued',
  'queued>running', 'queued>cancelled', 'running>refused', 'running>tried', 'running>imported', 'running>unchanged',
  'running>failed', 'running>cancelled', 'running>interrupted',
  'draft>discarded', 'refused>discarded', 'tried>discarded', 'cancelled>discarded', 'interrupted>discarded',
  'failed>discarded');

-- The bytes lie in the store under the file's id until they are forgotten; the hash stays. `given` is what somebody
-- brought, `corrections` the rows that were refused, to be mended and brought again.
create table import_file (
  id uuid primary key, organisation_id uuid not null references organisation,
  import_id uuid not null references file_import, name text not null check (length(name) <= 200),
  purpose text not null check (purpose in ('given', 'corrections')),
  size bigint not null check (size >= 0), sha256 text not null check (length(sha256) = 64),
  created_at timestamptz not null, forgotten_at timestamptz, version int not null default 1);
create index import_file_of on import_file (import_id, id);
call portal.protect('import_file', 'organisation_id = (select portal.organisation())');
call portal.keep('import_file', 'organisation_id', 'import_id', 'name', 'purpose', 'size', 'sha256');
grant delete on import_file to portal_app;
"""

# What is looked up again and again while an import is prepared, and told while it runs. None of it is business data of
# its own, so none of it is in the log.
BESIDE = """
create table import_sample (
  file_id uuid primary key references import_file on delete cascade, organisation_id uuid not null,
  body jsonb not null);
create table import_problem (
  import_id uuid not null references file_import, number int not null, organisation_id uuid not null,
  severity text not null check (severity in ('error', 'warning')), file text not null, place int not null,
  field text not null, value text not null, reason text not null, parameters jsonb not null,
  primary key (import_id, number));
create table import_progress (
  import_id uuid primary key references file_import, organisation_id uuid not null,
  done double precision not null check (done between 0 and 1), what text not null, at timestamptz not null);
do $$ declare beside text; begin
  foreach beside in array array['import_sample', 'import_problem', 'import_progress'] loop
    call portal.protect(beside::regclass, 'organisation_id = (select portal.organisation())');
    execute format('grant delete on %I to portal_app', beside);
  end loop;
end $$;
"""

MAPPINGS = """
create table import_mapping (
  id uuid primary key, organisation_id uuid not null references organisation,
  name text not null check (length(name) between 1 and 100), latest int not null check (latest > 0),
  created_by uuid, created_at timestamptz not null, version int not null default 1,
  unique (organisation_id, name));
create table import_mapping_version (
  id uuid primary key, organisation_id uuid not null references organisation,
  mapping_id uuid not null references import_mapping, number int not null check (number > 0), body jsonb not null,
  saved_by uuid, saved_at timestamptz not null, version int not null default 1, unique (mapping_id, number));
call portal.protect('import_mapping', 'organisation_id = (select portal.organisation())');
call portal.protect('import_mapping_version', 'organisation_id = (select portal.organisation())');
grant delete on import_mapping, import_mapping_version to portal_app;
call portal.keep('import_mapping_version', 'organisation_id', 'mapping_id', 'number', 'body', 'saved_by', 'saved_at');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, IMPORTS + BESIDE + MAPPINGS)
