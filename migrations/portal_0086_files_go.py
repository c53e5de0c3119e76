"""Attached files go when the time of their record is over: under a certificate, and past no legal hold."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T23:45:00"
VERSION = "1.50.0"
DESCRIPTION = "Attached files are disposed of with the record that they belong to"

STATES = """
alter table evidence_file drop constraint evidence_file_state_check;
alter table evidence_file add constraint evidence_file_state_check check (state in ('uploading', 'quarantined', 'clean',
  'unscanned', 'infected', 'refused', 'abandoned', 'deleted', 'disposed'));
drop trigger legal_state on evidence_file;
create trigger legal_state before update of state on evidence_file for each row execute function portal.legal_state(
  'uploading>quarantined', 'uploading>refused', 'uploading>abandoned', 'uploading>deleted', 'quarantined>clean',
  'quarantined>unscanned', 'quarantined>infected', 'quarantined>refused', 'quarantined>deleted', 'clean>deleted',
  'unscanned>deleted', 'infected>deleted', 'refused>deleted', 'clean>disposed', 'unscanned>disposed');
drop trigger held on evidence_file;
create trigger held before update of state on evidence_file for each row
  when (new.state in ('deleted', 'disposed') and old.state in ('clean', 'unscanned'))
  execute function portal.refuse_held_file();
"""

# The line on the certificate comes first, and only the gate writes one.
CERTIFIED = """
create function portal.refuse_uncertified() returns trigger language plpgsql as $$
begin
  if not exists (select from disposal_item i where i.kind = 'evidence-file' and i.record_id = old.id) then
    raise exception 'a file is disposed of under a certificate' using errcode = 'check_violation',
      constraint = 'kept_until';
  end if;
  return new;
end $$;
create trigger certified before update of state on evidence_file for each row
  when (new.state = 'disposed' and old.state <> 'disposed') execute function portal.refuse_uncertified();
call portal.open_to_gate('evidence_file', 'select');

create function portal.certify_file(file uuid, disposal uuid, dated date, kept_until date) returns void
  language plpgsql security definer set search_path = public, portal as $$
declare going evidence_file;
begin
  select * into going from evidence_file f
    where f.id = $1 and f.owner_id = portal.organisation() and f.state in ('clean', 'unscanned');
  if not found or kept_until >= portal.now()::date or dated < going.created_at::date then
    raise exception 'this file is not to be disposed of' using errcode = 'check_violation', constraint = 'kept_until';
  end if;
  insert into disposal_item values ($2, going.owner_id, 'evidence-file', going.id, going.record_number, 1,
    going.sha256, $3, $4);
end $$;
comment on function portal.certify_file is 'The line of an attached file that was kept long enough on its certificate.';
alter function portal.certify_file owner to portal_gate;
set local role portal_gate;
revoke execute on function portal.certify_file from public;
grant execute on function portal.certify_file to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, STATES + CERTIFIED)
