"""A day has one statement that stands, between two companies and in one currency."""

from portal.platform.migrations import sql_migration

ID = "2026-11-26T13:00:00"
VERSION = "1.45.0"
DESCRIPTION = "One statement of a day that stands"

# Statements from before stay as they are; each new one is alone when it is committed.
ALONE = """
create function portal.stands_alone() returns trigger language plpgsql as $$ begin
  perform pg_advisory_xact_lock(hashtextextended(concat_ws(' ', new.buyer_id, new.supplier_id, new.currency, new.as_of), 0));
  if exists (select from statement me where me.id = new.id and me.state in ('sent', 'objected', 'agreed'))
      and exists (select from statement other where other.supplier_id = new.supplier_id and other.buyer_id = new.buyer_id
        and other.currency = new.currency and other.as_of = new.as_of and other.id <> new.id
        and other.state in ('sent', 'objected', 'agreed')) then
    raise unique_violation using message = 'another statement of this day stands', constraint = 'stands_alone';
  end if;
  return null;
end $$;
comment on function portal.stands_alone is 'Of a day there is one statement that was neither replaced nor withdrawn.';
create constraint trigger stands_alone after insert on statement deferrable initially deferred for each row
  execute function portal.stands_alone();
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ALONE)
