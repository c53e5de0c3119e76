"""What an approval was worth: the rate of exchange that it was measured by stays with it. What a copy is made of."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T09:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Approvals keep the rate that they are measured by; copies know their order"

APPROVALS = """
alter table purchase_order add approved_into text not null default '',
  add approved_rate numeric check (approved_rate > 0), add approved_rate_date date,
  add approved_rate_source text not null default '',
  add constraint approved_rate_with_date check ((approved_rate is null) = (approved_rate_date is null));
comment on column purchase_order.approved_rate is
  'What one unit of the order''s currency cost in approved_into on the day of the approval; null: nothing was converted.';
alter table purchase_order add copy_of uuid references purchase_order;
comment on column purchase_order.copy_of is 'The order that this one was made of, by ordering it again.';

-- Asked when somebody who approves up to a limit is identified: what is within it must need no further question.
set local role portal_gate;
create function portal.rates_today(whose uuid, zone text) returns table (currency text, rate numeric)
  language sql stable security definer set search_path = public, portal as $$
  select o.currency, 1::numeric from organisation o
    where o.id = whose and coalesce(portal.organisation(), whose) = whose
  union all
  select newest.currency, newest.rate from (
    select distinct on (r.currency) r.currency, r.rate from exchange_rate r
    join organisation o on o.id = r.organisation_id and o.currency = r.into_currency
    where r.organisation_id = whose and coalesce(portal.organisation(), whose) = whose
      and r.valid_on <= (portal.now() at time zone zone)::date
    order by r.currency, r.valid_on desc) newest $$;
comment on function portal.rates_today is
  'What one unit of each currency costs in an organisation''s own today: its own people''s limits are measured by it.';
revoke execute on function portal.rates_today(uuid, text) from public;
grant execute on function portal.rates_today(uuid, text) to portal_app;
reset role;
call portal.keep('purchase_order', 'copy_of');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, APPROVALS)
