"""Batches: many documents as one file, made aside, and how far each of them is."""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T23:00:00"
VERSION = "1.54.0"
DESCRIPTION = "Batches of documents"

BATCH = """
create table batch (
  id uuid primary key, organisation_id uuid not null references organisation, number text not null,
  kind text not null check (kind in ('invoice', 'credit-note', 'statement')),
  month text not null check (month ~ '^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$'),
  direction text not null check (direction in ('sent', 'received')),
  partner_id uuid, partner_name text not null default '', with_xml boolean not null,
  state text not null default 'asked' check (state in ('asked', 'making', 'ready', 'failed', 'cancelled', 'expired')),
  documents int not null check (documents > 0), lacking int not null default 0 check (lacking between 0 and documents),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'), size bigint, problem text not null default '',
  asked_by uuid not null, rights text not null check (rights is json object), asked_at timestamptz not null, ready_at timestamptz, expires_at timestamptz,
  version int not null default 1, unique (organisation_id, number),
  constraint ready_when check ((state in ('ready', 'expired')) = (num_nonnulls(sha256, size, ready_at, expires_at) = 4)));
create index batch_list on batch (organisation_id, asked_at desc, id desc);
call portal.protect('batch', 'organisation_id = (select portal.organisation())');
call portal.keep('batch', 'organisation_id', 'number', 'kind', 'month', 'direction', 'partner_id', 'with_xml', 'documents',
  'asked_by', 'asked_at', 'rights');
create trigger legal_state before update of state on batch for each row execute function portal.legal_state(
  'asked>making', 'making>ready', 'asked>failed', 'making>failed', 'asked>cancelled', 'making>cancelled', 'ready>expired');
create trigger final before update on batch for each row when (old.state in ('failed', 'cancelled', 'expired'))
  execute function portal.refuse_change('a batch that is over');
comment on table batch is 'Documents of a month that somebody has put together as one file.';
"""

PARTS = """
create table batch_document (
  batch_id uuid not null references batch, position int not null check (position > 0), organisation_id uuid not null,
  record_id uuid not null, number text not null, partner text not null, dated date not null, document_id uuid,
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'), problem text not null default '', done_at timestamptz,
  primary key (batch_id, position));
call portal.protect('batch_document', 'organisation_id = (select portal.organisation())');
grant delete on batch_document to portal_app;
create trigger done_once before update on batch_document for each row when (old.done_at is not null)
  execute function portal.refuse_change('what is done');
comment on table batch_document is 'The documents of a batch: those that are done are not made again by whoever goes on.';

create table batch_turn (
  batch_id uuid primary key references batch, organisation_id uuid not null, turn int not null, at timestamptz not null);
call portal.protect('batch_turn', 'organisation_id = (select portal.organisation())');
comment on table batch_turn is 'Whose turn it is to make a batch: a job of an earlier turn that comes back does nothing.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, BATCH + PARTS)
