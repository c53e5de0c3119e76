"""Who may act: what was approved of each line, second factors that are always asked for, guesses at codes."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T21:00:00"
VERSION = "1.50.0"
DESCRIPTION = "Approvals of each line, second factors at every sign-in, guesses at one account"

# What stands counts as approved: of earlier approvals the lines say nothing.
LINES = """
alter table purchase_order_line add approved_quantity numeric, add approved_price numeric;
alter table purchase_order_line no force row level security, disable trigger user;
update purchase_order_line set approved_quantity = quantity, approved_price = unit_price where shown_to is not null;
alter table purchase_order_line force row level security, enable trigger user;
alter table purchase_order_line add constraint within_approval check (
  (approved_quantity is null or quantity <= approved_quantity) and (approved_price is null or unit_price <= approved_price));
comment on column purchase_order_line.approved_quantity is
  'Up to which quantity an agreement needs no other approval, frozen at issue and with each approval; null is without end.';
comment on column purchase_order_line.approved_price is
  'Up to which price an agreement needs no other approval, likewise.';
"""

# Who has a second factor is asked for it, whatever their company asks of others.
FACTORS = """
alter table organisation no force row level security, disable trigger user;
update organisation set second_factor = 'own' where second_factor = 'acting';
alter table organisation force row level security, enable trigger user, drop constraint organisation_second_factor_check,
  add constraint organisation_second_factor_check check (second_factor in ('own', 'roles', 'everybody'));
create or replace function portal.needs_factor(policy text, asked text[], held text[], has boolean) returns boolean
  language sql immutable return has or policy = 'everybody' or (policy = 'roles' and held && asked);
"""

# As in 0013, but that a day's failures of an account keep out whoever did not sign in from there before. Who reads the
# mailbox makes an address one of those, by a link.
GUESSES = """
set local role portal_gate;
drop function portal.begin_sign_in(bytea, text, int, int, int);
create function portal.begin_sign_in(wanted bytea, origin text, most_of_pair int, most_of_account int,
  most_of_address int, most_of_day int, out admitted bigint, out wait boolean)
  language plpgsql security definer set search_path = public as $$
declare failed int; pending int; of_account int; of_address int; of_day int; known boolean;
begin
  perform pg_advisory_xact_lock(1, hashtext(encode(wanted, 'hex')));
  perform pg_advisory_xact_lock(2, hashtext(origin));
  delete from sign_in_attempt where outcome = 'passed' and at < now() - interval '30 days';
  delete from sign_in_attempt where outcome = 'failed' and at < now() - interval '1 day';
  delete from sign_in_attempt where outcome = 'pending' and at < now() - interval '30 seconds';
  select count(*) filter (where a.outcome = 'failed' and a.address = origin and recent),
      count(*) filter (where a.outcome = 'pending' and a.address = origin),
      count(*) filter (where a.outcome = 'failed' and recent), count(*) filter (where a.outcome = 'failed')
    into failed, pending, of_account, of_day
    from sign_in_attempt a cross join lateral (select a.at > now() - interval '15 minutes') as w (recent)
    where a.account = wanted and a.outcome <> 'passed';
  select count(*) into of_address from sign_in_attempt a
    where a.address = origin and a.outcome = 'failed' and a.at > now() - interval '15 minutes';
  known := exists (
    select from sign_in_attempt a where a.account = wanted and a.address = origin and a.outcome = 'passed');
  wait := false;
  if failed >= most_of_pair or (not known and (of_address >= most_of_address or of_day >= most_of_day
      or (failed > 0 and of_account >= most_of_account))) then
    return;
  end if;
  wait := failed + pending >= most_of_pair;
  if not wait then
    insert into sign_in_attempt (account, address) values (wanted, origin) returning id into admitted;
  end if;
end $$;
comment on function portal.begin_sign_in is
  'Admits an attempt, tells it to wait until others of the same account and address are judged, or gives neither: refused.';
create function portal.know_address(wanted bytea, origin text) returns void
  language sql security definer set search_path = public as $$
  insert into sign_in_attempt (account, address, outcome) values ($1, $2, 'passed') $$;
comment on function portal.know_address is 'Who reads the mailbox of the account sits there: strangers do not keep them out.';
revoke execute on function portal.begin_sign_in, portal.know_address from public;
grant execute on function portal.begin_sign_in, portal.know_address to portal_app;
reset role;
"""

# Whom a company believes about its people is a setting of two people. A provider that was never approved has no name yet.
PROVIDERS = """
do $$ begin
  execute format('create or replace view portal.setting_now with (security_invoker = true) as %s union all
    select organisation_id, ''identity-provider'', id, jsonb_build_object(''issuer'', issuer, ''client_id'', client_id,
      ''domain'', case when domain = id::text then '''' else domain end, ''active'', active) from identity_provider',
    rtrim(pg_get_viewdef('portal.setting_now'), '; '));
  execute regexp_replace(pg_get_functiondef('portal.setting_usual'::regproc), 'select case ',
    'select case when $1 = ''identity-provider'' then
      ''{"issuer": "", "client_id": "", "domain": "", "active": false}''::jsonb ');
end $$;
create constraint trigger recorded after insert on identity_provider deferrable initially deferred for each row
  when (new.issuer <> '') execute function portal.record_setting('identity-provider', 'organisation_id', 'id');
create constraint trigger recorded_anew after update of issuer, client_id, domain, active on identity_provider
  deferrable initially deferred for each row
  execute function portal.record_setting('identity-provider', 'organisation_id', 'id');
alter table organisation no force row level security;
alter table identity_provider no force row level security;
alter table setting_version no force row level security;
insert into setting_version (organisation_id, kind, subject_id, value, effective_from, state, way, created_at, decided_at,
  applied_at)
select n.organisation_id, n.kind, n.subject_id, n.value, (now() at time zone o.time_zone)::date, 'approved', 'system', now(),
  now(), now()
from portal.setting_now n join organisation o on o.id = n.organisation_id where n.kind = 'identity-provider';
alter table organisation force row level security;
alter table identity_provider force row level security;
alter table setting_version force row level security;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, LINES + FACTORS + GUESSES + PROVIDERS)
