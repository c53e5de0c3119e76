"""What a supplier's people have in common with the buyer's: their mail's domain, their telephone."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T19:00:00"
VERSION = "1.50.0"
DESCRIPTION = "The report of conflicts looks at the suppliers' people, too"

# Another company's people are its own to name: told is which supplier, and a mark that the asking company knows.
MARKS = """
set local role portal_gate;
create function portal.shared_marks() returns table (supplier_id uuid, kind text, mark text)
  language sql stable security definer set search_path = public as $$
  with marked as (
    select m.organisation_id, v.kind, v.mark from membership m join person p on p.id = m.person_id
    cross join lateral (values ('domain', split_part(lower(p.email), '@', 2)),
      ('phone', right(regexp_replace(p.phone, '[^0-9]', '', 'g'), 8))) as v (kind, mark)
    where m.active and v.mark <> '')
  select distinct theirs.organisation_id, theirs.kind, theirs.mark from marked theirs
  join trading_relationship r on r.supplier_id = theirs.organisation_id and r.buyer_id = portal.organisation()
    and r.state <> 'ended'
  join marked own on own.organisation_id = portal.organisation() and (own.kind, own.mark) = (theirs.kind, theirs.mark)
$$;
comment on function portal.shared_marks is
  'Mail domains and last digits of telephones that people of the asking buyer share with people of its suppliers.';
revoke execute on function portal.shared_marks from public;
grant execute on function portal.shared_marks to portal_app;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, MARKS)
