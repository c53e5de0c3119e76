"""What both sides of a contract say to each other about it."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T11:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Comments on contracts"

COMMENTS = """
create table contract_comment (
  id uuid primary key, contract_id uuid not null references contract, buyer_id uuid not null, supplier_id uuid not null,
  shown_to uuid not null check (shown_to = supplier_id), organisation_id uuid not null references organisation,
  comment text not null check (length(comment) between 1 and 4000), created_by uuid, created_at timestamptz not null,
  check (organisation_id in (buyer_id, supplier_id)));
create index contract_comment_contract on contract_comment (contract_id, created_at desc, id desc);
create index contract_comment_organisation on contract_comment (organisation_id);
call portal.protect('contract_comment', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
revoke update on contract_comment from portal_app;
create trigger own before insert on contract_comment for each row
  when (new.organisation_id is distinct from portal.organisation() or new.created_by is distinct from portal.person())
  execute function portal.refuse('everybody speaks for themselves');
comment on table contract_comment is 'What was said about a contract, by whom and for which side; it never changes.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, COMMENTS)
