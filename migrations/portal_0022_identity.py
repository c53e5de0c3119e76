"""Second factors, links by mail, invitations, terms and notices; sessions that know what is still to be done."""

from portal.platform.migrations import sql_migration

ID = "2026-11-22T22:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Second factors, links by mail, invitations, terms, limits of sessions"

POLICY = """
alter table organisation
  add second_factor text not null default 'own' check (second_factor in ('acting', 'own', 'roles', 'everybody')),
  add second_factor_roles text[] not null default '{}',
  add session_idle_minutes int check (session_idle_minutes between 5 and 480),
  add session_hours int check (session_hours between 1 and 12);
comment on column organisation.second_factor is 'Asked for at sign-in: never, only when acting; of whoever has one of
their own; besides, of everybody in some roles; of everybody.';
alter table session add proved_at timestamptz, add how text not null default 'password';
comment on column session.proved_at is 'When a second factor was proved last.';
"""

FACTORS = """
-- The secret is sealed with the key ring. `last_step` is the time step of the last code taken: none is taken twice.
create table totp (
  person_id uuid primary key references person, sealed bytea not null, confirmed_at timestamptz,
  last_step bigint not null default 0, created_at timestamptz not null default now());
create table recovery_code (
  person_id uuid not null references person, hash bytea not null check (length(hash) = 32), used_at timestamptz,
  created_at timestamptz not null default now(), primary key (person_id, hash));
call portal.protect('totp', 'person_id = (select portal.person())');
call portal.protect('recovery_code', 'person_id = (select portal.person())');
grant delete on totp, recovery_code to portal_app;
call portal.open_to_gate('totp', 'select, delete');
call portal.open_to_gate('recovery_code', 'select, delete');
"""

LINKS = """
-- What a mail leads to: used once, until it expires. The application reads none of it.
create table mail_link (
  id uuid primary key, token_hash bytea not null unique check (length(token_hash) = 32),
  purpose text not null check (purpose in ('password', 'invitation')), organisation_id uuid not null references organisation,
  subject_id uuid not null, created_at timestamptz not null default now(), expires_at timestamptz not null,
  sent_at timestamptz, used_at timestamptz);
create index mail_link_subject on mail_link (subject_id, created_at);
alter table mail_link enable row level security;
alter table mail_link force row level security;
call portal.open_to_gate('mail_link', 'select, insert, update, delete');

create table invitation (
  id uuid primary key, organisation_id uuid not null references organisation,
  email text not null check (email = lower(email)), full_name text not null default '', roles text[] not null,
  scope jsonb not null default '{}', limit_currency text, limit_gross numeric, limit_cumulative numeric,
  language text not null default 'en', time_zone text not null default 'UTC',
  state text not null default 'open' check (state in ('open', 'accepted', 'withdrawn')),
  invited_by uuid, accepted_by uuid references person, created_at timestamptz not null, expires_at timestamptz not null,
  ended_at timestamptz, version int not null default 1,
  check ((state = 'accepted') = (accepted_by is not null)), check ((state = 'open') = (ended_at is null)));
create unique index invitation_open on invitation (organisation_id, email) where state = 'open';
create index invitation_list on invitation (organisation_id, created_at desc, id desc);
call portal.protect('invitation', 'organisation_id = (select portal.organisation())');
call portal.keep('invitation', 'organisation_id', 'email');
create trigger legal_state before update of state on invitation for each row
  execute function portal.legal_state('open>accepted', 'open>withdrawn');
call portal.open_to_gate('invitation', 'select');
"""

TERMS = """
-- What an organisation asks its own people and those of its suppliers to accept; an edition never changes.
create table legal_text (
  id uuid primary key, organisation_id uuid not null references organisation, organisation_name text not null,
  kind text not null check (kind in ('terms', 'privacy')), edition int not null check (edition > 0),
  texts jsonb not null check (jsonb_typeof(texts) = 'object'), published_by uuid, published_at timestamptz not null,
  version int not null default 1, unique (organisation_id, kind, edition));
call portal.protect('legal_text', 'organisation_id = (select portal.organisation())');
create policy partners on legal_text for select using (organisation_id in (
  select buyer_id from trading_relationship where shown_to = (select portal.organisation()) and state <> 'ended'));
revoke update on legal_text from portal_app;

create table legal_acceptance (
  id uuid primary key, text_id uuid not null references legal_text, kind text not null, edition int not null,
  organisation_id uuid not null references organisation, shown_to uuid not null references organisation,
  person_id uuid not null references person, language text not null, address text not null default '',
  accepted_at timestamptz not null, version int not null default 1, unique (person_id, text_id));
create index legal_acceptance_publisher on legal_acceptance (shown_to, accepted_at desc, id desc);
comment on column legal_acceptance.shown_to is 'Whose text it is; organisation_id is whom the person acted for.';
alter table legal_acceptance enable row level security;
alter table legal_acceptance force row level security;
create policy known on legal_acceptance for select using (
  (select portal.organisation()) = any (array[organisation_id, shown_to]) or person_id = (select portal.person()));
create policy own on legal_acceptance for insert with check (
  organisation_id = (select portal.organisation()) and person_id = (select portal.person()));
grant select, insert on legal_acceptance to portal_app;
call portal.open_to_gate('legal_text', 'select');
call portal.open_to_gate('legal_acceptance', 'select');
"""

SESSIONS = """
alter type portal.identified add attribute proved_at timestamptz, add attribute pending text[],
  add attribute has_factor boolean;

create function portal.has_factor(person uuid) returns boolean
  language sql stable security definer set search_path = public as $$
  select exists (select from totp t where t.person_id = $1 and t.confirmed_at is not null) $$;

create function portal.needs_factor(policy text, asked text[], held text[], has boolean) returns boolean
  language sql immutable return case policy when 'acting' then false when 'everybody' then true
    else has or (policy = 'roles' and held && asked) end;

create function portal.unaccepted(person uuid, organisation uuid, since timestamptz)
  returns table (id uuid, organisation_id uuid, kind text, edition int)
  language sql stable security definer set search_path = public as $$
  select n.id, n.organisation_id, n.kind, n.edition from (
    select distinct on (t.organisation_id, t.kind) t.* from legal_text t
    where t.published_at <= $3 and (t.organisation_id = $2 or exists (select from trading_relationship r
      where r.buyer_id = t.organisation_id and r.shown_to = $2 and r.state <> 'ended'))
    order by t.organisation_id, t.kind, t.edition desc) n
  where not exists (select from legal_acceptance a where a.person_id = $1 and a.shown_to = n.organisation_id
    and a.kind = n.kind and a.edition >= n.edition) $$;
comment on function portal.unaccepted is
  'The newest terms and notices, as of a moment, that a person has not accepted in this edition or a later one.';

set local role portal_gate;
drop function portal.open_session(bytea, uuid, uuid, text, text, text, interval);
create function portal.open_session(token bytea, person uuid, organisation uuid, csrf text, agent text, address text,
  lifetime interval, method text, proved timestamptz, after bytea) returns boolean
  language sql security definer set search_path = public as $$
  delete from session where expires_at < now();
  select from credential where person_id = $2 for share;
  with opened as (
    insert into session (token_hash, person_id, organisation_id, csrf, user_agent, address, expires_at, how, proved_at)
    select $1, $2, $3, $4, $5, $6, least(now() + least($7, make_interval(hours => o.session_hours)),
      (select s.expires_at from session s where s.token_hash = $10 and s.person_id = $2)), $8, $9
    from organisation o where o.id = $3
      and exists (select from membership m where m.person_id = $2 and m.organisation_id = $3 and m.active) returning 1)
  select exists (select from opened) $$;
comment on function portal.open_session is 'Whether there is a session now: only a member of the organisation gets one.';

drop function portal.sign_in_candidate(text);
create function portal.sign_in_candidate(wanted text)
  returns table (person_id uuid, password_hash text, organisation_id uuid, has_factor boolean, asks_code boolean)
  language sql stable security definer set search_path = public, portal as $$
  select p.id, c.password_hash, m.organisation_id, f.has_factor, f.has_factor
    and portal.needs_factor(o.second_factor, o.second_factor_roles, m.roles, f.has_factor)
  from person p join credential c on c.person_id = p.id
  join lateral (select organisation_id, roles from membership where person_id = p.id and active
    order by created_at, id limit 1) m on true
  join organisation o on o.id = m.organisation_id, portal.has_factor(p.id) as f (has_factor)
  where p.email = lower(wanted) and p.disabled_at is null $$;

create or replace function portal.session_member(token bytea, idle interval) returns setof portal.identified
  language sql security definer set search_path = public, portal as $$
  update session s set seen_at = now() from organisation o where s.token_hash = $1 and o.id = s.organisation_id
    and s.seen_at < now() - interval '1 minute'
    and s.seen_at > now() - least($2, make_interval(mins => o.session_idle_minutes));
  select s.csrf, array['*'], m.*, s.proved_at, array_remove(array[
      case when s.proved_at is null
        and portal.needs_factor(o.second_factor, o.second_factor_roles, m.roles, f.has_factor)
        then case when f.has_factor then 'code' else 'set-up' end end,
      case when exists (select from portal.unaccepted(s.person_id, s.organisation_id, s.created_at)) then 'terms' end
    ], null), f.has_factor
  from session s join portal.member m on m.person_id = s.person_id and m.organisation_id = s.organisation_id
  join organisation o on o.id = s.organisation_id, portal.has_factor(s.person_id) as f (has_factor)
  where s.token_hash = $1 and s.expires_at > now()
    and s.seen_at > now() - least($2, make_interval(mins => o.session_idle_minutes)) $$;
comment on function portal.session_member is
  'Whose session it is, and what they have still to do before it lets them in: code, set-up, terms.';

create or replace function portal.api_key_member(hash bytea) returns setof portal.identified
  language sql security definer set search_path = public, portal as $$
  update api_key set used_at = now() where key_hash = $1 and revoked_at is null
    and (expires_at is null or expires_at > now()) and (used_at is null or used_at < now() - interval '1 minute');
  select '', k.scopes, m.*, null::timestamptz, array[]::text[], false from api_key k join portal.member m
    on m.person_id = k.person_id and m.organisation_id = k.organisation_id
  where k.key_hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) $$;
reset role;

create function portal.renew_session(token bytea, fresh bytea, csrf text, proved boolean) returns boolean
  language sql security definer set search_path = public, portal as $$
  with renewed as (
    update session s set token_hash = $2, csrf = $3, proved_at = case when $4 then now() else s.proved_at end
    where s.token_hash = $1 and s.person_id = portal.person() and s.expires_at > now() returning 1)
  select exists (select from renewed) $$;
comment on function portal.renew_session is 'The same session under a new secret, as after a second factor was proved.';

create function portal.forget_attempt(attempt bigint) returns void
  language sql security definer set search_path = public as $$ delete from sign_in_attempt where id = $1 $$;
comment on function portal.forget_attempt is 'An attempt that is right so far counts neither way: the code is to come.';

create function portal.drop_factors(person uuid) returns boolean
  language sql security definer set search_path = public, portal as $$
  with ours as (select where portal.person() is null and exists (
      select from membership m where m.person_id = $1 and m.organisation_id = portal.organisation())),
    codes as (delete from recovery_code where person_id = $1 and exists (select from ours)),
    gone as (delete from totp where person_id = $1 and exists (select from ours))
  select exists (select from ours) $$;
comment on function portal.drop_factors is 'For the operator alone: whoever lost telephone and recovery codes.';
"""

GATES = """
create function portal.make_link(link uuid, hash bytea, wanted text, subject uuid, lifetime interval) returns boolean
  language sql security definer set search_path = public, portal as $$
  update mail_link set used_at = now() where subject_id = $4 and purpose = $3 and used_at is null
    and organisation_id = portal.organisation();
  with made as (
    insert into mail_link (id, token_hash, purpose, organisation_id, subject_id, expires_at)
    select $1, $2, $3, portal.organisation(), $4, now() + $5 where
      ($3 = 'password' and portal.person() is null and exists (
        select from membership m where m.person_id = $4 and m.organisation_id = portal.organisation() and m.active))
      or ($3 = 'invitation' and portal.organisation() is not null) returning 1)
  select exists (select from made) $$;
comment on function portal.make_link is 'A link by mail takes the place of those that were sent for the same before.';

create function portal.link_to_send(link uuid) returns table (purpose text, subject_id uuid, token_hash bytea)
  language sql security definer set search_path = public, portal as $$
  select l.purpose, l.subject_id, l.token_hash from mail_link l where l.id = $1 and l.organisation_id = portal.organisation()
    and portal.person() is null and l.sent_at is null and l.used_at is null and l.expires_at > now() for update $$;

create function portal.link_sent(link uuid) returns void
  language sql security definer set search_path = public, portal as $$
  update mail_link set sent_at = now() where id = $1 and organisation_id = portal.organisation() $$;

create function portal.open_link(hash bytea, wanted text) returns table (subject_id uuid, organisation_id uuid)
  language sql stable security definer set search_path = public as $$
  select l.subject_id, l.organisation_id from mail_link l
  where l.token_hash = $1 and l.purpose = $2 and l.used_at is null and l.expires_at > now() $$;

create function portal.use_link(hash bytea, wanted text) returns boolean
  language sql security definer set search_path = public as $$
  with used as (update mail_link l set used_at = now() where l.token_hash = $1 and l.purpose = $2
    and l.used_at is null and l.expires_at > now() returning 1)
  select exists (select from used) $$;
comment on function portal.use_link is 'A link is used once: whoever comes second finds none.';

create function portal.reset_candidate(wanted text, most int) returns table (person_id uuid, organisation_id uuid)
  language sql stable security definer set search_path = public as $$
  select p.id, m.organisation_id from person p
  join lateral (select organisation_id from membership where person_id = p.id and active order by created_at, id limit 1) m
  on true where p.email = lower(wanted) and p.disabled_at is null and $2 > (
    select count(*) from mail_link l where l.subject_id = p.id and l.purpose = 'password'
      and l.created_at > now() - interval '1 hour') $$;
comment on function portal.reset_candidate is 'Who gets a link for a new password, unless they got enough of them lately.';

create function portal.account_with(wanted text) returns table (person_id uuid, belongs boolean)
  language sql stable security definer set search_path = public, portal as $$
  select p.id, exists (select from membership m where m.person_id = p.id and m.active) from person p
  where p.email = lower(wanted) and portal.person() is null $$;
comment on function portal.account_with is 'For accepting an invitation, whose link only the reader of that mailbox has.';

do $$ declare gated regprocedure; begin
  foreach gated in array array['portal.has_factor(uuid)', 'portal.unaccepted(uuid,uuid,timestamptz)',
      'portal.renew_session(bytea,bytea,text,boolean)', 'portal.forget_attempt(bigint)', 'portal.drop_factors(uuid)',
      'portal.make_link(uuid,bytea,text,uuid,interval)', 'portal.link_to_send(uuid)', 'portal.link_sent(uuid)',
      'portal.open_link(bytea,text)', 'portal.use_link(bytea,text)', 'portal.reset_candidate(text,int)',
      'portal.account_with(text)']::regprocedure[] loop
    execute format('alter function %s owner to portal_gate', gated);
  end loop;
end $$;
set local role portal_gate;
do $$ declare gated regprocedure; begin
  for gated in select oid::regprocedure from pg_proc where pronamespace = 'portal'::regnamespace
      and proowner = 'portal_gate'::regrole and proname not in ('every_member', 'every_organisation') loop
    execute format('revoke execute on function %s from public', gated);
    execute format('grant execute on function %s to portal_app', gated);
  end loop;
end $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, POLICY + FACTORS + LINKS + TERMS + SESSIONS + GATES)
