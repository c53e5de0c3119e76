"""Documents that both sides of a relationship sign, place by place, and the files that came of it."""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T16:00:00"
VERSION = "1.50.0"
DESCRIPTION = "Signings and their signatories"

TABLES = """
create table signing (
  id uuid primary key, buyer_id uuid not null references organisation,
  supplier_id uuid not null references organisation, shown_to uuid not null check (shown_to = supplier_id),
  supplier_name text not null, title text not null check (title <> ''), file_name text not null,
  first text not null check (first in ('any', 'buyer', 'supplier')),
  state text not null check (state in ('open', 'completed', 'declined', 'withdrawn')),
  places int not null check (places between 2 and 6), signed int not null default 0,
  original_sha256 text not null check (original_sha256 ~ '^[0-9a-f]{64}$'),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'), size bigint not null check (size > 0),
  pages int not null check (pages > 0), created_by uuid not null, created_at timestamptz not null,
  ended_by uuid, ended_at timestamptz, reason text not null default '', version int not null default 1,
  constraint all_signed check (signed between 0 and places and (state = 'completed') = (signed = places)),
  constraint ended_when check ((state = 'open') = (ended_at is null)),
  constraint said_why check (state not in ('declined', 'withdrawn') or reason <> ''));
create index signing_buyer on signing (buyer_id, created_at desc, id desc);
create index signing_shown on signing (shown_to, created_at desc, id desc);
create index signing_supplier on signing (supplier_id);
call portal.protect('signing', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.open_to_gate('signing', 'select');

create table signatory (
  id uuid primary key, signing_id uuid not null references signing, buyer_id uuid not null,
  shown_to uuid not null, organisation_id uuid not null references organisation,
  side text not null check (side in ('buyer', 'supplier')), position int not null check (position between 1 and 6),
  signed_by uuid, name text not null default '', address text not null default '', statement text not null default '',
  signed_at timestamptz, document_sha256 text check (document_sha256 ~ '^[0-9a-f]{64}$'),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'), size bigint, version int not null default 1,
  unique (signing_id, position),
  constraint whole check ((signed_by is null) = (signed_at is null) and (signed_by is null) = (sha256 is null)
    and (signed_by is null) = (document_sha256 is null) and (signed_by is null) = (statement = '')),
  constraint own_side check (organisation_id = case side when 'buyer' then buyer_id else shown_to end));
create unique index signatory_once on signatory (signing_id, signed_by) where signed_by is not null;
create index signatory_organisation on signatory (organisation_id);
create index signatory_sha256 on signatory (sha256) where sha256 is not null;
call portal.protect('signatory', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.open_to_gate('signatory', 'select');
comment on table signing is 'A document that a buyer and a supplier sign; sha256 is its present file.';
comment on table signatory is 'A place for a signature of one side: who signed there, and the file before and after.';
"""

WAYS = """
create trigger legal_state before update of state on signing for each row
  execute function portal.legal_state('open>completed', 'open>declined', 'open>withdrawn');
create trigger sealed before update on signing for each row execute function portal.sealed(
  'version', 'state', 'signed', 'sha256', 'size', 'ended_by', 'ended_at', 'reason');
create trigger final before update on signing for each row when (old.state <> 'open')
  execute function portal.refuse_change('what is over');
create trigger begins before insert on signing for each row
  when (new.state <> 'open' or new.signed <> 0 or new.buyer_id is distinct from portal.organisation())
  execute function portal.refuse('a buyer opens its own signing');
create trigger sealed before update on signatory for each row execute function portal.sealed(
  'version', 'signed_by', 'name', 'address', 'statement', 'signed_at', 'document_sha256', 'sha256', 'size');
create trigger final before update on signatory for each row when (old.signed_by is not null)
  execute function portal.refuse_change('a signature');
create trigger begins before insert on signatory for each row
  when (new.signed_by is not null or new.buyer_id is distinct from portal.organisation())
  execute function portal.refuse('a buyer opens its own signing');
create trigger own before update on signatory for each row
  when (new.organisation_id is distinct from portal.organisation() or new.signed_by is distinct from portal.person())
  execute function portal.refuse('everybody signs for themselves');
"""

# What was signed is issued by the portal too.
ISSUED = """
set local role portal_gate;
create or replace function portal.issued_files(hashes text[]) returns table (sha256 text, kind text, number text,
  revision int, issuer text, issued_at timestamptz, code text, is_current boolean, is_logged boolean)
  language sql stable security definer set search_path = public as $$
  select d.sha256, d.kind, d.number, d.revision, o.name, d.ready_at, left(d.source, 12),
    not exists (select from document n where n.kind = d.kind and n.record_id = d.record_id and n.revision > d.revision)
      and not exists (select from purchase_order p where d.kind = 'purchase-order' and p.id = d.record_id
        and p.revision > d.revision),
    exists (select from audit_entry e join audit_seal s on s.entry_id = e.id
      where e.subject_id = d.id and e.event = 'document.ready')
  from document d join organisation o on o.id = d.owner_id where d.sha256 = any ($1)
  union all
  select f.sha256, 'signing', s.title, f.position, o.name, f.signed_at, left(s.original_sha256, 12),
    f.sha256 = s.sha256,
    exists (select from audit_entry e join audit_seal l on l.entry_id = e.id
      where e.subject_id = f.id and e.event = 'signing.signed')
  from signatory f join signing s on s.id = f.signing_id join organisation o on o.id = s.buyer_id
  where f.sha256 = any ($1) $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, TABLES + WAYS + ISSUED)
