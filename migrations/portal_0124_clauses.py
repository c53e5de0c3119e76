"""Libraries of clauses, edition by edition; contracts keep what they took as it was."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T10:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Clauses"

LIBRARY = """
create table clause (
  id uuid primary key, organisation_id uuid not null references organisation, clause_id uuid not null,
  edition int not null check (edition > 0), title text not null check (title <> ''), body text not null check (body <> ''),
  retired boolean not null default false, created_by uuid, created_at timestamptz not null, version int not null default 1,
  unique (clause_id, edition));
create index clause_own on clause (organisation_id, clause_id, edition);
call portal.protect('clause', 'organisation_id = (select portal.organisation())');
revoke update on clause from portal_app;
comment on table clause is 'Clauses of an organisation''s library by edition; an edition never changes.';
"""

OF_CONTRACTS = """
create table contract_clause (
  id uuid primary key, contract_id uuid not null references contract, buyer_id uuid not null, supplier_id uuid not null,
  shown_to uuid, position int not null check (position > 0), clause_id uuid, edition int,
  title text not null check (title <> ''), body text not null check (body <> ''),
  unique (contract_id, position), check (shown_to is null or shown_to = supplier_id),
  constraint of_an_edition check ((clause_id is null) = (edition is null)),
  foreign key (clause_id, edition) references clause (clause_id, edition));
create index contract_clause_of on contract_clause (clause_id, edition) where clause_id is not null;
call portal.protect('contract_clause', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
create trigger sealed before update on contract_clause for each row execute function portal.sealed('shown_to');
grant delete on contract_clause to portal_app;
create trigger of_open_contract before insert or update or delete on contract_clause for each row
  execute function portal.of_open_contract();
comment on table contract_clause is 'The clauses of a contract in their order, facts still to be filled in.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, LIBRARY + OF_CONTRACTS)
