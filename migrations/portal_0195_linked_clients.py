"""Links to a company's own sign-in know the client id under which they were made or last seen to hold."""

from portal.platform.migrations import sql_migration

ID = "2026-12-02T09:00:00"
VERSION = "1.53.0"
DESCRIPTION = "Links to identity providers by the client under which they were last seen"

# Subjects may be pairwise: others for each client (OpenID Connect Core 1.0, 8.1). What was linked before belongs to the
# client that held at that moment. Processes of the release before do not say the client: the one that holds is meant.
LINKS = """
alter table provider_account no force row level security;
alter table identity_provider no force row level security;
alter table setting_version no force row level security;
alter table provider_account add client_id text;
update provider_account a set client_id = coalesce(
  (select v.value ->> 'client_id' from setting_version v where v.organisation_id = a.organisation_id
     and v.kind = 'identity-provider' and v.subject_id = a.provider_id and v.value ->> 'issuer' = a.issuer
     and v.applied_at <= a.created_at
   order by v.applied_at desc limit 1), p.client_id)
from identity_provider p where p.id = a.provider_id;
alter table setting_version force row level security;
alter table identity_provider force row level security;
alter table provider_account force row level security;
alter table provider_account alter client_id set not null;
grant update (client_id) on provider_account to portal_app;

drop trigger issuer_of_link on provider_account;
create or replace function portal.issuer_of_link() returns trigger language plpgsql as $$ begin
  select coalesce(new.issuer, p.issuer), coalesce(new.client_id, p.client_id) into new.issuer, new.client_id
    from identity_provider p where p.id = new.provider_id;
  return new;
end $$;
create trigger issuer_of_link before insert on provider_account for each row
  when (new.issuer is null or new.client_id is null) execute function portal.issuer_of_link();
comment on column provider_account.client_id is
  'Under which client id the issuer last named this person so: another one may have other subjects.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, LINKS)
