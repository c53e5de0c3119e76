"""A supplier reads the relationship that their customer set, and not the customer's versions: each compares its own."""

from portal.platform.migrations import sql_migration

ID = "2026-11-27T23:30:00"
VERSION = "1.50.0"
DESCRIPTION = "Settings are compared with the versions of the organisation that asks"

OWN = """
create or replace view portal.setting_mismatch with (security_invoker = true) as
  select n.organisation_id, n.kind, n.subject_id, n.value, v.value as version_value from portal.setting_now n
  left join lateral portal.setting_on(n.organisation_id, n.kind, n.subject_id, 'infinity', true) v on true
  where n.value is distinct from coalesce(v.value, portal.setting_usual(n.kind))
    and coalesce(portal.organisation() = n.organisation_id, true);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, OWN)
