"""Who may see a company or a person is looked up by key, not in a list of all partners."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T06:00:00"
VERSION = "1.50.0"
DESCRIPTION = "Partners and colleagues are found by key"

# A policy `id in (select …)` reads all partners, people or invitations of the company once for each query that meets
# one of them: with 200 partners a fifth of a millisecond, with 10,000 ten. Policies are asked in the reverse order of
# their names, so that one's own company (`own`) is recognised before partners are looked at.
FOUND = """
drop policy partners on organisation;
create policy known on organisation for select using (
  exists (select from trading_relationship r
    where r.buyer_id = (select portal.organisation()) and r.supplier_id = organisation.id)
  or exists (select from trading_relationship r where r.buyer_id = organisation.id
    and r.supplier_id = (select portal.organisation()) and r.shown_to = (select portal.organisation())));
drop policy partners on legal_text;
create policy partners on legal_text for select using (
  exists (select from trading_relationship r where r.buyer_id = legal_text.organisation_id
    and r.supplier_id = (select portal.organisation()) and r.shown_to = (select portal.organisation())
    and r.state <> 'ended'));
drop policy known on person;
create policy known on person for select using (
  id = (select portal.person()) or exists (select from membership m where m.person_id = person.id));
drop policy own on person;
create policy own on person for update using (
  id = (select portal.person())
  or ((select portal.person()) is null and exists (select from membership m where m.person_id = person.id)));
drop policy known on person_key;
create policy known on person_key for select using (
  person_id = (select portal.person()) or exists (select from membership m where m.person_id = person_key.person_id)
  or exists (select from invitation i where i.id = person_key.person_id));
"""
# Kept as expressions, so that whoever plans a statement need not read their text anew.
EXPRESSIONS = """
create or replace function portal.organisation() returns uuid language sql stable parallel safe
  return nullif(current_setting('portal.organisation', true), '')::uuid;
create or replace function portal.person() returns uuid language sql stable parallel safe
  return nullif(current_setting('portal.person', true), '')::uuid;
create or replace function portal.now() returns timestamptz language sql stable parallel safe
  return coalesce(nullif(current_setting('portal.now', true), '')::timestamptz, transaction_timestamp());
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, f"{FOUND}{EXPRESSIONS}")
