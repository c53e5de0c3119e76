"""How long things are kept: witnesses' receipts, erasures of people, legal holds, and disposal with its certificate."""

from portal.platform.migrations import sql_migration

ID = "2026-11-23T01:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Receipts of witnesses, erasures, legal holds, disposal"

WITNESSES = """
create table audit_witness (
  id uuid primary key default uuidv7(), size bigint not null references audit_checkpoint, witness text not null,
  at timestamptz not null default clock_timestamp(), receipt bytea not null);
create index audit_witness_size on audit_witness (size);
alter table audit_witness enable row level security;
alter table audit_witness force row level security;
call portal.open_to_gate('audit_witness', 'select, insert');
create policy anybody on audit_witness for select using ((select portal.organisation()) is not null);
grant select on audit_witness to portal_app;

create function portal.witnessed(size bigint, witness text, receipt bytea) returns void
  language sql security definer set search_path = public as $$
  insert into audit_witness (size, witness, receipt) values ($1, left($2, 300), $3) $$;
comment on function portal.witnessed is 'Keeps what a witness outside answered to a checkpoint.';
"""

HOLDS = """
create table legal_hold (
  id uuid primary key, organisation_id uuid not null references organisation, number text not null,
  state text not null default 'placed' check (state in ('placed', 'released')),
  object_id uuid, party_id uuid, from_day date, until_day date, reason text not null check (length(reason) > 0),
  placed_by uuid, placed_at timestamptz not null, released_by uuid, released_at timestamptz,
  release_reason text not null default '', version int not null default 1,
  unique (organisation_id, number),
  constraint held_thing check (num_nonnulls(object_id, party_id, from_day, until_day) > 0),
  constraint held_period check (from_day <= until_day),
  constraint released_when check ((state = 'released') = (released_at is not null)));
create index legal_hold_list on legal_hold (organisation_id, placed_at desc, id desc);
call portal.protect('legal_hold', 'organisation_id = (select portal.organisation())');
call portal.keep('legal_hold', 'organisation_id', 'number', 'object_id', 'party_id', 'from_day', 'until_day', 'reason',
  'placed_by', 'placed_at');
create trigger legal_state before update of state on legal_hold for each row
  execute function portal.legal_state('placed>released');
create trigger final before update on legal_hold for each row
  when (old.state = 'released') execute function portal.refuse_change('a released hold');
call portal.open_to_gate('legal_hold', 'select');

-- Whoever of the parties placed it: a hold of either stops what both have. Its parts hold together: this party's
-- records of that period.
create function portal.is_held(objects uuid[], parties uuid[], day date) returns boolean
  language sql stable security definer set search_path = public as $$
  select exists (select from legal_hold h where h.state = 'placed' and h.organisation_id = any ($2)
    and (h.object_id is null or h.object_id = any ($1)) and (h.party_id is null or h.party_id = any ($2))
    and $3 between coalesce(h.from_day, '-infinity') and coalesce(h.until_day, 'infinity')) $$;

create function portal.refuse_held() returns trigger language plpgsql as $$
begin
  if portal.is_held(array[old.id, old.record_id], array[old.owner_id, old.shown_to], old.requested_at::date) then
    raise exception 'a legal hold keeps this' using errcode = 'check_violation', constraint = 'legal_hold';
  end if;
  return old;
end $$;
create trigger held before delete on document for each row execute function portal.refuse_held();
"""

DISPOSAL = """
create table disposal (
  id uuid primary key, organisation_id uuid not null references organisation, number text not null,
  jurisdiction text not null, rules text not null check (rules ~ '^[0-9a-f]{64}$'), as_of date not null,
  items int not null check (items > 0), digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  disposed_by uuid, disposed_at timestamptz not null, unique (organisation_id, number));
create index disposal_list on disposal (organisation_id, disposed_at desc, id desc);
call portal.protect('disposal', 'organisation_id = (select portal.organisation())');
revoke update on disposal from portal_app;
comment on table disposal is 'Certificates: what was destroyed, when, and by which rules.';

create table disposal_item (
  disposal_id uuid not null, organisation_id uuid not null, kind text not null, record_id uuid not null,
  number text not null, revision int not null, sha256 text not null, dated date not null, kept_until date not null,
  primary key (disposal_id, kind, record_id, revision, sha256));
create index disposal_item_record on disposal_item (record_id);
alter table disposal_item enable row level security;
alter table disposal_item force row level security;
create policy own on disposal_item for select using (organisation_id = (select portal.organisation()));
grant select on disposal_item to portal_app;
call portal.open_to_gate('disposal_item', 'select, insert');
do $$ declare guarded text; begin
  foreach guarded in array array['disposal', 'disposal_item', 'audit_witness'] loop
    execute format('create trigger never_rewritten before update or delete on %s
      for each row execute function portal.refuse_rewriting()', guarded);
    execute format('create trigger never_truncated before truncate on %s
      execute function portal.refuse_rewriting()', guarded);
  end loop;
end $$;
call portal.open_to_gate('document', 'select, delete');
call portal.open_to_gate('document_source', 'select, delete');

create function portal.dispose_document(document uuid, disposal uuid, dated date, kept_until date,
  out sha256 text, out is_last boolean)
  language plpgsql security definer set search_path = public, portal as $$
declare gone document;
begin
  select * into gone from document d where d.id = $1 and d.owner_id = portal.organisation() and d.state <> 'pending';
  if not found or kept_until >= portal.now()::date then
    raise exception 'this document is not to be disposed of' using errcode = 'check_violation', constraint = 'kept_until';
  end if;
  delete from document_source s where s.document_id = gone.id;
  delete from document d where d.id = gone.id;
  insert into disposal_item values ($2, gone.owner_id, gone.kind, gone.record_id, gone.number, gone.revision,
    coalesce(gone.sha256, ''), $3, $4);
  sha256 := gone.sha256;
  is_last := not exists (select from document d where d.sha256 = gone.sha256);
end $$;
comment on function portal.dispose_document is
  'Deletes a document that was kept long enough, with its line on the certificate; a hold stops it.';
"""

ERASURES = """
-- Who was erased is kept apart from the keys, so that a key that an older copy brings back is destroyed again.
create table person_erasure (
  person_id uuid primary key, organisation_id uuid not null, reason text not null, at timestamptz not null default now());
alter table person_erasure enable row level security;
alter table person_erasure force row level security;
create policy own on person_erasure for select using (organisation_id = (select portal.organisation()));
grant select on person_erasure to portal_app;
call portal.open_to_gate('person_erasure', 'select, insert');
create trigger never_rewritten before update or delete on person_erasure
  for each row execute function portal.refuse_rewriting();
create trigger never_truncated before truncate on person_erasure execute function portal.refuse_rewriting();
grant update on person to portal_gate;
grant delete on credential, api_key to portal_gate;

create function portal.forget_person(person uuid) returns boolean
  language sql security definer set search_path = public as $$
  delete from session where person_id = $1;
  delete from api_key where person_id = $1;
  delete from credential where person_id = $1;
  update person set full_name = '–', email = 'erased-' || $1 || '@erased.invalid',
    disabled_at = coalesce(disabled_at, now()), version = version + 1
    where id = $1 and email not like 'erased-%';
  with gone as (delete from person_key where person_id = $1 returning 1) select exists (select from gone) $$;
comment on function portal.forget_person is 'What erasing somebody does; only other functions of the gate call it.';

create function portal.erase_person(person uuid, reason text) returns text
  language plpgsql security definer set search_path = public, portal as $$
begin
  if portal.person() is not null or not exists (
      select from membership m where m.person_id = $1 and m.organisation_id = portal.organisation()) then
    return 'unknown';
  elsif exists (select from membership m where m.person_id = $1 and m.active) then
    return 'member';
  elsif exists (select from legal_hold h where h.state = 'placed' and h.object_id = $1) then
    return 'held';
  end if;
  perform portal.forget_person($1);
  insert into person_erasure (person_id, organisation_id, reason) values ($1, portal.organisation(), $2)
    on conflict do nothing;
  return 'erased';
end $$;
comment on function portal.erase_person is
  'For the operator alone: forgets somebody who is no member of anybody any more, unless a hold keeps them.';

create function portal.reapply_erasures(people uuid[]) returns int
  language plpgsql security definer set search_path = public, portal as $$
declare found uuid; again int := 0;
begin
  insert into person_erasure (person_id, organisation_id, reason)
    select p.id, coalesce((select m.organisation_id from membership m where m.person_id = p.id limit 1), p.id), 'restored'
    from person p where p.id = any ($1) on conflict do nothing;
  for found in select e.person_id from person_erasure e loop
    again := again + portal.forget_person(found)::int;
  end loop;
  return again;
end $$;
comment on function portal.reapply_erasures is
  'After an older copy was restored: forgets again whoever was erased since; for the owner of the schema.';
"""

RIGHTS = """
do $$ declare gated regprocedure; begin
  foreach gated in array array['portal.witnessed(bigint,text,bytea)', 'portal.is_held(uuid[],uuid[],date)',
      'portal.dispose_document(uuid,uuid,date,date)', 'portal.erase_person(uuid,text)']::regprocedure[] loop
    execute format('revoke execute on function %s from public', gated);
    execute format('grant execute on function %s to portal_app, portal_gate', gated);
    execute format('alter function %s owner to portal_gate', gated);
  end loop;
  foreach gated in array array['portal.forget_person(uuid)', 'portal.reapply_erasures(uuid[])']::regprocedure[] loop
    execute format('revoke execute on function %s from public', gated);
    execute format('grant execute on function %s to portal_gate', gated);
    execute format('alter function %s owner to portal_gate', gated);
  end loop;
end $$;
set local role portal_gate;
grant execute on function portal.reapply_erasures(uuid[]) to session_user;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, WITNESSES + HOLDS + DISPOSAL + ERASURES + RIGHTS)
