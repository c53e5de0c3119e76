"""Amendments: versions of a contract in force that are agreed to and signed as it was, and take its place from a day."""

from portal.platform.migrations import sql_migration

ID = "2026-11-30T00:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Amendments of contracts"

# An amendment is a row of its own with its own prices and clauses; the contract points at the one that holds.
AMENDMENTS = """
alter table contract add column amends_id uuid references contract, add column amends_number text not null default '',
  add column amendment_id uuid references contract, add column applied_at timestamptz,
  add constraint amends_one check ((amends_id is null) = (amends_number = '')),
  add constraint no_amendment_of_an_amendment check (amends_id is null or amendment_id is null),
  add constraint applied_amendment check (applied_at is null or (amends_id is not null and activated_at is not null));
create index contract_amends on contract (amends_id) where amends_id is not null;
create index contract_amendment on contract (amendment_id) where amendment_id is not null;
create unique index one_amendment_at_a_time on contract (amends_id) where amends_id is not null and applied_at is null
  and state in ('draft', 'in_negotiation', 'approved', 'awaiting_signatures', 'active');
call portal.keep('contract', 'amends_id', 'amends_number');
alter table contract_round drop constraint contract_round_revision_check,
  add constraint contract_round_revision_check check (revision >= 0);
comment on column contract_round.revision is 'Of an amendment 0 is what held when it was offered.';
"""
GUARDS = """
drop trigger sealed on contract;
create trigger sealed before update on contract for each row when (old.state not in ('draft', 'in_negotiation'))
  execute function portal.sealed('version', 'state', 'agreed_by', 'agreed_at', 'objection', 'approved_by',
    'approved_at', 'signed_how', 'signed_on', 'signed_for_buyer', 'signed_for_supplier', 'file_id', 'recorded_by',
    'recorded_at', 'activated_at', 'warned_of', 'warned_last', 'warned_used', 'ended_at', 'reason', 'signing_id',
    'valid_to', 'renewals', 'notice_side', 'notice_given_by', 'notice_at', 'notice_reason', 'amendment_id',
    'applied_at', 'title', 'notice_days', 'renewal_months', 'value_cap', 'allowance', 'gross', 'gross_minor',
    'payment_terms', 'note', 'price_day', 'late_rate', 'late_per', 'late_grace', 'late_cap', 'retention');
drop trigger of_the_buyer on contract;
do $$ begin
  execute format($make$create trigger of_the_buyer before update on contract for each row
    when (portal.organisation() = old.supplier_id and %s)
    execute function portal.refuse('the buyer writes a contract')$make$,
    portal.changed('contract', 'version', 'state', 'agreed_by', 'agreed_at', 'objection', 'signed_how',
      'activated_at', 'approved_by', 'approved_at', 'signing_id', 'notice_side', 'notice_given_by', 'notice_at',
      'notice_reason'));
end $$;
drop trigger renewed_as_it_says on contract;
create trigger renewed_as_it_says before update of valid_to, renewals on contract for each row
  when (old.state not in ('draft', 'in_negotiation') and old.amendment_id is not distinct from new.amendment_id
    and (old.valid_to, old.renewals) is distinct from (new.valid_to, new.renewals)
    and (old.state <> 'active' or old.renewal_months = 0 or old.notice_at is not null
      or new.valid_to <= old.valid_to or new.renewals <> old.renewals + 1))
  execute function portal.refuse('a contract is renewed as it says');
drop trigger notice_of_one_side on contract;
create trigger notice_of_one_side before update of notice_side, notice_given_by, notice_at, notice_reason on contract
  for each row when (old.amendment_id is not distinct from new.amendment_id
    and (old.notice_side, old.notice_given_by, old.notice_at, old.notice_reason)
      is distinct from (new.notice_side, new.notice_given_by, new.notice_at, new.notice_reason)
    and (old.notice_at is not null or old.state <> 'active' or old.renewal_months = 0
      or portal.organisation() is distinct from
        case new.notice_side when 'buyer' then new.buyer_id when 'supplier' then new.supplier_id end))
  execute function portal.refuse('each side gives notice for itself, once');

create function portal.amended() returns trigger language plpgsql as $$
begin
  if old.amendment_id is not distinct from new.amendment_id or old.state <> 'active' or not exists (
      select from contract a where a.id = new.amendment_id and a.amends_id = new.id and a.state = 'active'
      and (a.title, a.valid_to, a.notice_days, a.renewal_months, a.value_cap, a.allowance, a.gross, a.gross_minor,
        a.payment_terms, a.note, a.price_day, a.late_rate, a.late_per, a.late_grace, a.late_cap, a.retention)
      is not distinct from (new.title, new.valid_to, new.notice_days, new.renewal_months, new.value_cap,
        new.allowance, new.gross, new.gross_minor, new.payment_terms, new.note, new.price_day, new.late_rate,
        new.late_per, new.late_grace, new.late_cap, new.retention)) then
    raise exception 'a contract that was approved changes as an amendment of it says'
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger amended before update on contract for each row
  when (old.state not in ('draft', 'in_negotiation')
    and (old.title, old.notice_days, old.renewal_months, old.value_cap, old.allowance, old.gross, old.gross_minor,
      old.payment_terms, old.note, old.price_day, old.late_rate, old.late_per, old.late_grace, old.late_cap,
      old.retention, old.amendment_id)
    is distinct from (new.title, new.notice_days, new.renewal_months, new.value_cap, new.allowance, new.gross,
      new.gross_minor, new.payment_terms, new.note, new.price_day, new.late_rate, new.late_per, new.late_grace,
      new.late_cap, new.retention, new.amendment_id))
  execute function portal.amended();
"""
# Limits and prices of a contract are those of the version that holds.
CAPS = """
create or replace function portal.within_caps() returns trigger language plpgsql as $$
begin
  perform from contract where id in (select contract_id from moved) order by id for no key update;
  if exists (select from contract c where c.id in (select contract_id from moved) and (
      (c.kind = 'value'
        and (select sum(u.amount) from contract_call_off u where u.contract_id = c.id) > c.gross)
      or exists (select from contract_term t where t.contract_id = coalesce(c.amendment_id, c.id)
        and t.quantity is not null
        and (select sum(u.counted) from contract_call_off u where u.contract_id = c.id and u.item_id = t.item_id) * 100
          > t.quantity * (100 + c.allowance)))) then
    raise exception 'more is called off than the contract allows' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create or replace view portal.called_off_beyond with (security_invoker = true) as
  select c.id as contract_id, null::uuid as item_id, sum(u.amount) as called_off, c.gross as most
  from contract c join contract_call_off u on u.contract_id = c.id where c.kind = 'value'
  group by c.id having sum(u.amount) > c.gross
  union all
  select c.id, t.item_id, sum(u.counted), t.quantity * (100 + c.allowance) / 100
  from contract c join contract_term t on t.contract_id = coalesce(c.amendment_id, c.id) and t.quantity is not null
  join contract_call_off u on u.contract_id = c.id and u.item_id = t.item_id
  group by c.id, t.id having sum(u.counted) * 100 > t.quantity * (100 + c.allowance);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, AMENDMENTS + GUARDS + CAPS)
