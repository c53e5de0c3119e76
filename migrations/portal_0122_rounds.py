"""What a contract said in each round of its negotiation, as its document is set from it."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T08:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Rounds of contracts"

ROUNDS = """
alter table contract add column revision int not null default 1 check (revision > 0), add column revised_at timestamptz;
update contract set revised_at = offered_at where offered_at is not null;
alter table contract add constraint revised_when check (offered_at is null or revised_at is not null) not valid;
create trigger revised_by_buyer before update of revision, revised_at on contract for each row
  when (portal.organisation() = old.supplier_id
    and (old.revision, old.revised_at) is distinct from (new.revision, new.revised_at))
  execute function portal.refuse('the buyer writes a contract');

create table contract_round (
  contract_id uuid not null references contract, revision int not null check (revision > 0),
  buyer_id uuid not null, shown_to uuid not null, offered_at timestamptz not null, snapshot jsonb not null,
  primary key (contract_id, revision));
call portal.protect('contract_round', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
revoke update on contract_round from portal_app;
create trigger of_the_buyer before insert on contract_round for each row
  when (new.buyer_id is distinct from portal.organisation()) execute function portal.refuse('the buyer writes a contract');
comment on table contract_round is 'A contract as the supplier got it, round by round; a round never changes.';
"""

# Contracts that were offered before: as they stand.
_PARTY = "jsonb_build_object({})"
_SAID = (
    *("id", "name", "country", "address", "registration_number", "vat_number", "gln", "email", "language"),
    *("time_zone", "phone"),
)


def party(alias):
    return _PARTY.format(", ".join(f"'{name}', {alias}.{name}" for name in _SAID))


BEFORE = f"""
alter table contract_round disable trigger of_the_buyer;
insert into contract_round (contract_id, revision, buyer_id, shown_to, offered_at, snapshot)
select c.id, 1, c.buyer_id, c.supplier_id, c.offered_at, jsonb_build_object(
  'contract', jsonb_build_object('number', c.number, 'revision', 1, 'title', c.title, 'kind', c.kind,
    'currency', c.currency, 'valid_from', c.valid_from, 'valid_to', c.valid_to, 'notice_days', c.notice_days,
    'value_cap', c.value_cap::text, 'allowance', c.allowance::text, 'gross', c.gross::text,
    'payment_terms', c.payment_terms, 'note', c.note, 'revised_at', c.offered_at),
  'lines', coalesce((select jsonb_agg(jsonb_build_object('line', t.position, 'item_number', t.item_number,
    'description', t.description, 'unit', t.unit, 'price_unit', t.unit, 'unit_price', t.unit_price::text,
    'base_quantity', t.base_quantity::text, 'minimum_quantity', t.minimum_quantity::text,
    'quantity', t.quantity::text) order by t.position) from contract_term t where t.contract_id = c.id), '[]'),
  'buyer', {party("b")}, 'supplier', {party("s")})
from contract c join organisation b on b.id = c.buyer_id join organisation s on s.id = c.supplier_id
where c.offered_at is not null;
alter table contract_round enable trigger of_the_buyer;
"""

# A document of an earlier round is not the current one.
ISSUED = """
call portal.open_to_gate('contract', 'select');
set local role portal_gate;
create or replace function portal.issued_files(hashes text[]) returns table (sha256 text, kind text, number text,
  revision int, issuer text, issued_at timestamptz, code text, is_current boolean, is_logged boolean)
  language sql stable security definer set search_path = public as $$
  select d.sha256, d.kind, d.number, d.revision, o.name, d.ready_at, left(d.source, 12),
    not exists (select from document n where n.kind = d.kind and n.record_id = d.record_id and n.revision > d.revision)
      and not exists (select from purchase_order p where d.kind = 'purchase-order' and p.id = d.record_id
        and p.revision > d.revision)
      and not exists (select from contract c where d.kind = 'contract' and c.id = d.record_id
        and c.revision > d.revision),
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
    return sql_migration(ID, DESCRIPTION, ROUNDS + BEFORE + ISSUED)
