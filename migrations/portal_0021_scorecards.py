"""Scorecards kept: figures by month, months that are frozen, excuses, and what a standing brings."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T21:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Scores by month, frozen scorecards, excuses, standings with consequences and exceptions"

RULES = """
alter table organisation
  add score_consequences jsonb check (jsonb_typeof(score_consequences) = 'object'),
  add score_freeze_days int default 10 check (score_freeze_days between 0 and 365),
  add scores_frozen_until date;
comment on column organisation.score_consequences is
  'What each standing brings (none, warn, prevent_issue, prevent_orders), by its code; null: the usual.';
comment on column organisation.score_freeze_days is 'Days after its end when a month''s scores are frozen; null: never.';
comment on column organisation.scores_frozen_until is 'The last day of the last month whose scores are frozen.';
create trigger frozen_for_good before update of scores_frozen_until on organisation for each row
  when (old.scores_frozen_until is not null
    and coalesce(new.scores_frozen_until, '-infinity') < old.scores_frozen_until)
  execute function portal.refuse('a month that is frozen stays frozen');

create table standing_override (
  id uuid primary key, buyer_id uuid not null references organisation,
  supplier_id uuid not null references organisation, supplier_name text not null, version int not null default 1,
  reason text not null check (reason <> ''), until date not null,
  created_by uuid, created_at timestamptz not null,
  ended_by uuid, ended_at timestamptz, end_reason text not null default '');
create unique index standing_override_open on standing_override (buyer_id, supplier_id) where ended_at is null;
create index standing_override_pair on standing_override (buyer_id, supplier_id, created_at desc, id desc);
call portal.protect('standing_override', 'buyer_id = (select portal.organisation())');
create trigger sealed before update on standing_override for each row when (old.ended_at is null)
  execute function portal.sealed('version', 'ended_by', 'ended_at', 'end_reason');
create trigger final before update on standing_override for each row when (old.ended_at is not null)
  execute function portal.refuse_change('an exception that ended');
comment on table standing_override is
  'Orders go to a supplier whose standing would stop them, until the end of a day and for a reason. The buyer''s alone.';
"""

MONTHS = """
create table supplier_score (
  id uuid primary key default uuidv7(), buyer_id uuid not null references organisation,
  supplier_id uuid not null references organisation, shown_to uuid not null check (shown_to = supplier_id),
  period text not null check (period = 'last-12-months' or period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  month date check (month = date_trunc('month', month::timestamp)::date),
  figures jsonb not null check (jsonb_typeof(figures) = 'array'),
  weights jsonb not null check (jsonb_typeof(weights) = 'object'),
  score numeric check (score between 0 and 100), raw_score numeric check (raw_score between 0 and 100),
  coverage numeric not null check (coverage between 0 and 100), facts int not null check (facts >= 0),
  standing text, missing text, revision int not null default 0 check (revision >= 0),
  points int not null generated always as (coalesce(round(score * 10)::int, -1)) stored,
  computed_at timestamptz not null,
  unique (buyer_id, supplier_id, period),
  check ((month is null) = (period = 'last-12-months')), check ((standing is null) <> (missing is null)),
  check (revision = 0 or month is not null));
create index supplier_score_ranking on supplier_score (buyer_id, period, points desc, supplier_id desc);
create index supplier_score_month on supplier_score (buyer_id, month);
call portal.protect('supplier_score', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
call portal.keep('supplier_score', 'buyer_id', 'supplier_id', 'period', 'month');
create policy scored_by_buyer on supplier_score as restrictive for insert
  with check (buyer_id = (select portal.organisation()));
create policy rescored_by_buyer on supplier_score as restrictive for update
  using (buyer_id = (select portal.organisation())) with check (buyer_id = (select portal.organisation()));
comment on table supplier_score is
  'What the facts come to, by supplier and month and over twelve months: can be worked out again from them at any time, '
  'but for months that are frozen (revision > 0), which say what that revision of the scorecard says.';
comment on column supplier_score.points is 'The score in tenths, -1 without one: what lists are sorted by.';

create table scorecard (
  id uuid primary key default uuidv7(), buyer_id uuid not null references organisation,
  supplier_id uuid not null references organisation, shown_to uuid not null check (shown_to = supplier_id),
  buyer_name text not null, supplier_name text not null, month date not null,
  revision int not null check (revision > 0), version int not null default 1,
  figures jsonb not null, weights jsonb not null, rules jsonb not null, parties jsonb not null,
  score numeric, raw_score numeric, coverage numeric not null, facts int not null, standing text, missing text,
  reason text not null default '', digest text not null default '',
  created_by uuid, created_at timestamptz not null,
  unique (buyer_id, supplier_id, month, revision), check (revision = 1 or reason <> ''));
create index scorecard_month on scorecard (buyer_id, month);
call portal.protect('scorecard', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
revoke update on scorecard from portal_app;
create policy frozen_by_buyer on scorecard as restrictive for insert
  with check (buyer_id = (select portal.organisation()));

create function portal.digest_of(said scorecard) returns text language sql stable as $$
  select encode(sha256(convert_to(jsonb_build_array(said.id, said.buyer_id, said.supplier_id, said.month, said.revision,
    said.figures, said.weights, said.rules, said.parties, said.score, said.raw_score, said.coverage, said.facts,
    said.standing, said.missing, said.reason, said.created_at at time zone 'UTC')::text, 'UTF8')), 'hex') $$;
comment on function portal.digest_of is 'The hash of what a frozen scorecard says; its digest is this, for ever.';
create function portal.freeze_scorecard() returns trigger language plpgsql as $$
begin
  if new.revision > 1 and not exists (select from scorecard where buyer_id = new.buyer_id
      and supplier_id = new.supplier_id and month = new.month and revision = new.revision - 1) then
    raise exception 'restatements count up by one' using errcode = 'check_violation';
  end if;
  new.digest := portal.digest_of(new);
  return new;
end $$;
create trigger frozen before insert on scorecard for each row execute function portal.freeze_scorecard();
create trigger kept before update or delete on scorecard for each row
  execute function portal.refuse('a frozen scorecard never changes');
comment on table scorecard is
  'A supplier''s scores of a month as they were when the month was frozen; what comes later is a restatement, which is '
  'the next revision and says why. No row ever changes.';

-- A frozen month is told by its scorecard: the row of it moves only to another revision, and only to what that says.
create function portal.as_frozen() returns trigger language plpgsql as $$
begin
  if new.revision < old.revision or not exists (select from scorecard c where c.buyer_id = new.buyer_id
      and c.supplier_id = new.supplier_id and c.month = new.month and c.revision = new.revision
      and c.figures = new.figures and c.weights = new.weights and c.score is not distinct from new.score) then
    raise exception 'a frozen month changes by a restatement' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger begins_open before insert on supplier_score for each row when (new.revision > 0)
  execute function portal.refuse('a month is open before it is frozen');
create constraint trigger as_frozen after update on supplier_score deferrable initially deferred for each row
  when (new.revision > 0 or old.revision > 0) execute function portal.as_frozen();
"""

EXCUSES = """
alter table schedule_fact drop column excuse;

create table score_excuse (
  id uuid primary key, buyer_id uuid not null references organisation,
  supplier_id uuid not null references organisation, shown_to uuid not null check (shown_to = supplier_id),
  buyer_name text not null, supplier_name text not null, version int not null default 1,
  state text not null check (state in ('asked', 'granted', 'refused', 'withdrawn')),
  part text not null check (part in ('delivery', 'answer', 'quality', 'price', 'invoice')), fact_id uuid not null,
  order_id uuid not null references purchase_order, order_number text not null, line int,
  description text not null default '', counts_on date not null,
  code text not null check (code in ('buyer_change', 'carrier', 'force_majeure', 'other')),
  reason text not null check (reason <> ''), asked_by uuid, created_by uuid, created_at timestamptz not null,
  decided_by uuid, decided_at timestamptz, decision_reason text not null default '',
  constraint decided_when check ((state = 'asked') = (decided_at is null)));
create unique index score_excuse_open on score_excuse (fact_id, part) where state in ('asked', 'granted');
create index score_excuse_buyer on score_excuse (buyer_id, created_at desc, id desc);
create index score_excuse_supplier on score_excuse (shown_to, created_at desc, id desc);
call portal.protect('score_excuse', '(select portal.organisation()) = any (array[buyer_id, shown_to])');
create trigger legal_state before update of state on score_excuse for each row
  execute function portal.legal_state('asked>granted', 'asked>refused', 'granted>withdrawn');
create trigger sealed before update on score_excuse for each row execute function portal.sealed(
  'version', 'state', 'decided_by', 'decided_at', 'decision_reason');
create policy granted_by_buyer on score_excuse as restrictive for insert
  with check (buyer_id = (select portal.organisation()) or state = 'asked');
create policy decided_by_buyer on score_excuse as restrictive for update
  using (buyer_id = (select portal.organisation())) with check (buyer_id = (select portal.organisation()));
comment on table score_excuse is
  'A fact that the supplier is not blamed for: it counts in the raw figure and not in the excused one.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, RULES + MONTHS + EXCUSES)
