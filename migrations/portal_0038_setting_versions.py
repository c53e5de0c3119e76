"""Settings that two people make, each holding from a day on: every value there ever was, and who said so."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T14:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Versions of settings: proposed, approved by another person, in force from a day on"

VERSIONS = """
create table setting_version (
  id uuid primary key default uuidv7(), organisation_id uuid not null references organisation,
  kind text not null check (kind <> ''), subject_id uuid not null, subject_name text not null default '',
  concerns uuid references person, value jsonb not null check (jsonb_typeof(value) = 'object'),
  effective_from date not null, supersedes uuid references setting_version,
  state text not null check (state in ('proposed', 'approved', 'declined', 'withdrawn')),
  way text not null check (way in ('checked', 'at_once', 'system')),
  reason text not null default '', created_by uuid, created_at timestamptz not null,
  decided_by uuid, decided_at timestamptz, decision_reason text not null default '',
  applied_at timestamptz, version int not null default 1,
  constraint decided_when check ((state = 'proposed') = (decided_at is null)),
  constraint applied_when_approved check (applied_at is null or state = 'approved'),
  constraint two_people check (way <> 'checked' or state <> 'approved' or (created_by is not null
    and decided_by is not null and decided_by <> created_by and decided_by is distinct from concerns)),
  constraint at_once_by_somebody check (way <> 'at_once' or created_by is not null));
create index setting_version_subject on setting_version (organisation_id, kind, subject_id, effective_from, decided_at);
create index setting_version_proposed on setting_version (organisation_id, created_at, id) where state = 'proposed';
create index setting_version_due on setting_version (organisation_id, effective_from)
  where state = 'approved' and applied_at is null;
call portal.protect('setting_version', 'organisation_id = (select portal.organisation())');
create trigger legal_state before update of state on setting_version for each row execute function portal.legal_state(
  'proposed>approved', 'proposed>declined', 'proposed>withdrawn', 'approved>withdrawn');
create trigger sealed before update on setting_version for each row execute function portal.sealed(
  'version', 'state', 'effective_from', 'decided_by', 'decided_at', 'decision_reason', 'applied_at');
create trigger final before update on setting_version for each row
  when (old.state in ('declined', 'withdrawn') or old.applied_at is not null)
  execute function portal.refuse_change('a setting that was decided on');
create trigger begins before insert on setting_version for each row
  when (new.way = 'checked' and new.state <> 'proposed')
  execute function portal.refuse('a setting is proposed before it is approved');
create function portal.never_in_the_past() returns trigger language plpgsql as $$
begin
  if new.effective_from < (select (portal.now() at time zone o.time_zone)::date from organisation o
      where o.id = new.organisation_id) then
    raise exception 'a setting never holds for days that have passed' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger never_in_the_past before update of state on setting_version for each row
  when (new.state = 'approved' and old.state = 'proposed') execute function portal.never_in_the_past();
comment on table setting_version is
  'What a setting is from a day on. Its value of a day is that of the last approved version that holds by then '
  '(effective_from, then decided_at); without one it is as nobody ever set it.';
comment on column setting_version.way is
  'checked: two people. at_once: what takes a right away waits for nobody. system: set up by the portal, its operator '
  'or an import.';
"""

# What is applied, in the very form in which versions say it.
NOW = """
create view portal.setting_now with (security_invoker = true) as
  select id as organisation_id, 'company-tolerances' as kind, id as subject_id,
    jsonb_build_object('tolerances', tolerances) as value from organisation
  union all
  select buyer_id, 'supplier-tolerances', supplier_id, jsonb_build_object('tolerances', tolerances)
  from trading_relationship
  union all
  select organisation_id, 'item-tolerances', id, jsonb_build_object('tolerances', tolerances) from item
  union all
  select organisation_id, 'approval-limit', person_id, jsonb_build_object('limit_currency', limit_currency,
    'limit_gross', trim_scale(limit_gross)::text, 'limit_cumulative', trim_scale(limit_cumulative)::text)
  from membership
  union all
  select id, 'scoring', id, jsonb_build_object('score_early_days', score_early_days,
    'score_in_full_tolerance', trim_scale(score_in_full_tolerance)::text, 'score_weights', score_weights,
    'score_consequences', score_consequences, 'score_freeze_days', score_freeze_days,
    'score_standings', score_standings, 'score_least_count', score_least_count,
    'score_least_coverage', trim_scale(score_least_coverage)::text)
  from organisation;
grant select on portal.setting_now to portal_app;

create function portal.setting_usual(kind text) returns jsonb language sql immutable as $$
  select case when $1 like '%-tolerances' then '{"tolerances": {}}'::jsonb
    when $1 = 'approval-limit' then '{"limit_currency": null, "limit_gross": null, "limit_cumulative": null}'
    else '{"score_early_days": null, "score_in_full_tolerance": "0", "score_weights": null,
      "score_consequences": null, "score_freeze_days": 10, "score_standings": null, "score_least_count": 5,
      "score_least_coverage": "60"}' end $$;
comment on function portal.setting_usual is 'What a setting is while nobody has set it.';

create function portal.setting_on(organisation uuid, kind text, subject uuid, day date, applied boolean default false)
  returns setof setting_version language sql stable as $$
  select v.* from setting_version v where v.organisation_id = $1 and v.kind = $2 and v.subject_id = $3
    and v.state = 'approved' and v.effective_from <= $4 and (v.applied_at is not null or not $5)
  order by v.effective_from desc, v.decided_at desc, v.id desc limit 1 $$;
comment on function portal.setting_on is 'The version by which a setting has its value of a day.';

create view portal.setting_mismatch with (security_invoker = true) as
  select n.organisation_id, n.kind, n.subject_id, n.value, v.value as version_value from portal.setting_now n
  left join lateral portal.setting_on(n.organisation_id, n.kind, n.subject_id, 'infinity', true) v on true
  where n.value is distinct from coalesce(v.value, portal.setting_usual(n.kind));
grant select on portal.setting_mismatch to portal_app;
comment on view portal.setting_mismatch is 'Empty: what is applied is what the versions say.';
"""

# What sets up without a proposal (an operator, an import, the beginning of a relationship) leaves its version too.
RECORDED = """
create function portal.record_setting() returns trigger language plpgsql as $$
declare
  of uuid := (to_jsonb(new) ->> tg_argv[1])::uuid;
  subject uuid := (to_jsonb(new) ->> tg_argv[2])::uuid;
begin
  insert into setting_version (organisation_id, kind, subject_id, subject_name, concerns, value, effective_from,
    supersedes, state, way, created_at, decided_at, applied_at)
  select of, n.kind, subject, coalesce(to_jsonb(new) ->> 'supplier_name', to_jsonb(new) ->> 'number',
      to_jsonb(new) ->> 'name', ''),
    case when n.kind = 'approval-limit' then subject end, n.value, (portal.now() at time zone o.time_zone)::date, v.id,
    'approved', 'system', portal.now(), portal.now(), portal.now()
  from portal.setting_now n join organisation o on o.id = n.organisation_id
  left join lateral portal.setting_on(of, n.kind, subject, 'infinity', true) v on true
  where n.organisation_id = of and n.kind = tg_argv[0] and n.subject_id = subject
    and n.value is distinct from coalesce(v.value, portal.setting_usual(n.kind));
  return null;
end $$;
create constraint trigger recorded after insert on organisation deferrable initially deferred for each row
  when (new.tolerances <> '{}') execute function portal.record_setting('company-tolerances', 'id', 'id');
create constraint trigger recorded_anew after update of tolerances on organisation deferrable initially deferred
  for each row when (old.tolerances <> new.tolerances)
  execute function portal.record_setting('company-tolerances', 'id', 'id');
create constraint trigger scoring_recorded after update of score_early_days, score_in_full_tolerance, score_weights,
  score_consequences, score_freeze_days, score_standings, score_least_count, score_least_coverage on organisation
  deferrable initially deferred for each row execute function portal.record_setting('scoring', 'id', 'id');
create constraint trigger recorded after insert on trading_relationship deferrable initially deferred for each row
  when (new.tolerances <> '{}') execute function portal.record_setting('supplier-tolerances', 'buyer_id', 'supplier_id');
create constraint trigger recorded_anew after update of tolerances on trading_relationship deferrable initially deferred
  for each row when (old.tolerances <> new.tolerances)
  execute function portal.record_setting('supplier-tolerances', 'buyer_id', 'supplier_id');
create constraint trigger recorded after insert on item deferrable initially deferred for each row
  when (new.tolerances <> '{}') execute function portal.record_setting('item-tolerances', 'organisation_id', 'id');
create constraint trigger recorded_anew after update of tolerances on item deferrable initially deferred
  for each row when (old.tolerances <> new.tolerances)
  execute function portal.record_setting('item-tolerances', 'organisation_id', 'id');
create constraint trigger recorded after insert on membership deferrable initially deferred for each row
  when (new.limit_currency is not null)
  execute function portal.record_setting('approval-limit', 'organisation_id', 'person_id');
create constraint trigger recorded_anew after update of limit_currency, limit_gross, limit_cumulative on membership
  deferrable initially deferred for each row
  when ((old.limit_currency, old.limit_gross, old.limit_cumulative)
    is distinct from (new.limit_currency, new.limit_gross, new.limit_cumulative))
  execute function portal.record_setting('approval-limit', 'organisation_id', 'person_id');
"""

TABLES = "organisation, trading_relationship, item, membership, setting_version"
ASIDE = "".join(f"alter table {table} {{0}}force row level security;\n" for table in TABLES.split(", "))
KNOWN = """
insert into setting_version (organisation_id, kind, subject_id, subject_name, concerns, value, effective_from, state,
  way, created_at, decided_at, applied_at)
select n.organisation_id, n.kind, n.subject_id, coalesce(s.supplier_name, i.number, c.name, ''),
  case when n.kind = 'approval-limit' then n.subject_id end, n.value,
  (coalesce(s.created_at, i.created_at, m.created_at, o.created_at) at time zone o.time_zone)::date, 'approved',
  'system', now(), now(), now()
from portal.setting_now n join organisation o on o.id = n.organisation_id
left join organisation c on c.id = n.subject_id
left join trading_relationship s on n.kind = 'supplier-tolerances' and s.buyer_id = o.id and s.supplier_id = n.subject_id
left join item i on i.id = n.subject_id
left join membership m on n.kind = 'approval-limit' and m.organisation_id = o.id and m.person_id = n.subject_id
where n.value is distinct from portal.setting_usual(n.kind);
"""


async def forwards():
    script = VERSIONS + NOW + RECORDED + ASIDE.format("no ") + KNOWN + ASIDE.format("")
    return sql_migration(ID, DESCRIPTION, script)
