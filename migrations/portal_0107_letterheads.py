"""How an organisation's documents look, edition by edition; each document keeps the edition that it was made under."""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T17:00:00"
VERSION = "1.50.0"
DESCRIPTION = "Letterheads and their pictures"

TABLES = """
create table letterhead_picture (
  organisation_id uuid not null references organisation, sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  png bytea not null check (octet_length(png) between 1 and 4000000), primary key (organisation_id, sha256),
  constraint named check (encode(sha256(png), 'hex') = sha256));
call portal.protect('letterhead_picture', 'organisation_id = (select portal.organisation())');
revoke update on letterhead_picture from portal_app;

create table letterhead (
  id uuid primary key, organisation_id uuid not null references organisation,
  edition int not null check (edition > 0), colour text not null check (colour ~ '^#[0-9a-f]{6}$'),
  address text not null default '' check (length(address) <= 700),
  footer text not null default '' check (length(footer) <= 700),
  logo text, logo_text text not null default '', created_by uuid, created_at timestamptz not null,
  version int not null default 1, unique (organisation_id, edition),
  foreign key (organisation_id, logo) references letterhead_picture deferrable initially deferred,
  constraint read_aloud check ((logo is null) = (logo_text = '')));
create index letterhead_logo on letterhead (organisation_id, logo);
call portal.protect('letterhead', 'organisation_id = (select portal.organisation())');
revoke update on letterhead from portal_app;
comment on table letterhead is 'How an organisation''s documents look; an edition never changes.';
comment on table letterhead_picture is 'Logos as PNG, drawn anew, under their SHA-256.';

-- Who holds an organisation's document makes it too when they ask first: in the look that its partners know anyway.
create policy partners on letterhead for select using (
  exists (select from trading_relationship r where r.buyer_id = letterhead.organisation_id
    and r.supplier_id = (select portal.organisation()) and r.shown_to = (select portal.organisation()))
  or exists (select from trading_relationship r where r.buyer_id = (select portal.organisation())
    and r.supplier_id = letterhead.organisation_id));
create policy partners on letterhead_picture for select using (
  exists (select from letterhead l where l.organisation_id = letterhead_picture.organisation_id
    and l.logo = letterhead_picture.sha256));

alter table document_source add letterhead_id uuid references letterhead;
create index document_source_letterhead on document_source (letterhead_id) where letterhead_id is not null;
comment on column document_source.letterhead_id is 'The edition that the document wears; none had been made before.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, TABLES)
