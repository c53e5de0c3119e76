"""The part of the company that somebody looks after, as a wall of the database.

Whoever reads as a buyer in part does it as a role of its own, for which the tables have one policy more: so the others
read by the plans they had. Changing is not narrowed, since sums, limits and duplicates are those of the whole company;
it asks for the scope by the record itself.
"""

from portal.platform.migrations import sql_migration

ID = "2026-11-25T10:00:00"
VERSION = "1.38.0"
DESCRIPTION = "Scopes of members inside the policies of row-level security"

ROLE = """
do $$ begin
  if not exists (select from pg_roles where rolname = 'portal_scoped') then create role portal_scoped nologin; end if;
end $$;
grant portal_scoped to portal_app with inherit false, set true;
grant usage on schema public, portal to portal_scoped;

create procedure portal.let_scoped_read() language plpgsql as $$ declare name text; begin
  for name in select c.oid::regclass from pg_class c where relnamespace in ('public'::regnamespace, 'portal'::regnamespace)
      and relkind in ('r', 'p', 'v') and has_table_privilege('portal_app', c.oid, 'select') loop
    execute format('grant select on %s to portal_scoped', name);
  end loop;
  set local role portal_gate;
  for name in select p.oid::regprocedure from pg_proc p where pronamespace = 'portal'::regnamespace and prosecdef
      and has_function_privilege('portal_app', p.oid, 'execute') loop
    execute format('grant execute on function %s to portal_scoped', name);
  end loop;
  reset role;
end $$;
comment on procedure portal.let_scoped_read is
  'Who reads in part may read whatever the application may; each release calls it when its migrations have run.';
"""

SCOPE = """
create function portal.scope(part text) returns text[] language sql stable parallel safe as $$
  select array(select jsonb_array_elements_text(value)) || ''::text from
    (select nullif(current_setting('portal.scope', true), '')::jsonb -> part as value) told
  where jsonb_array_length(value) > 0 $$;
comment on function portal.scope is
  'What of a part the reader looks after, and what says nothing of it; null where that is all.';

do $$ declare part regclass; begin
  foreach part in array array['purchase_order', 'order_template']::regclass[] loop
    execute format($policy$create policy scope on %s as restrictive for select to portal_scoped using (
      buyer_id <> (select portal.organisation()) or (
        coalesce(purchasing_group = any ((select portal.scope('purchasing_groups'))::text[]), true)
        and coalesce(cost_centre = any ((select portal.scope('cost_centres'))::text[]), true)
        and coalesce(site_id::text = any ((select portal.scope('sites'))::text[]), true)
        and coalesce(categories <@ (select portal.scope('categories'))::text[], true)))$policy$, part);
  end loop;
end $$;
"""

# An order's own lines, answers and revisions go with it.
OF_ORDERS = """
do $$ declare part regclass; begin
  foreach part in array array['purchase_order_line', 'schedule_line', 'order_response', 'order_response_line',
      'order_revision', 'service_entry', 'service_entry_line']::regclass[] loop
    execute format('create policy scope on %s as restrictive for select to portal_scoped using ('
      'exists (select from purchase_order o where o.id = order_id))', part);
  end loop;
end $$;
"""

# A document of several orders is seen as a whole where one of them is; so its head asks for all of its orders.
OF_DOCUMENTS = """
create function portal.orders_of(kind text, document uuid) returns uuid[] stable security definer cost 1000
  language sql set search_path = public, portal as $$
  select array_agg(order_id) from (
    select order_id, buyer_id from despatch_line where kind = 'despatch_advice' and advice_id = document
    union all
    select order_id, buyer_id from goods_receipt_line where kind = 'goods_receipt' and receipt_id = document
    union all
    select order_id, buyer_id from invoice_line where kind = 'invoice' and invoice_id = document
    union all
    select order_id, buyer_id from credit_note_line where kind = 'credit_note' and credit_note_id = document) lines
  where buyer_id = portal.organisation() $$;
comment on function portal.orders_of is 'The orders of a document to the organisation that reads.';
alter function portal.orders_of owner to portal_gate;
set local role portal_gate;
revoke execute on function portal.orders_of from public;
grant execute on function portal.orders_of to portal_app;
reset role;

do $$ declare lines text; head text; key text; begin
  for lines, head, key in values ('despatch_line', 'despatch_advice', 'advice_id'),
      ('goods_receipt_line', 'goods_receipt', 'receipt_id'), ('invoice_line', 'invoice', 'invoice_id'),
      ('credit_note_line', 'credit_note', 'credit_note_id') loop
    if not exists (select from pg_policies where tablename = lines and policyname = 'gate') then
      call portal.open_to_gate(lines::regclass, 'select');
    end if;
    execute format('grant select on %I to portal_gate', lines);
    execute format('create policy scope on %I as restrictive for select to portal_scoped using ('
      'buyer_id <> (select portal.organisation()) or exists (select from purchase_order o '
      'where o.id = any (portal.orders_of(%L, %I.id))))', head, head, head);
    execute format('create policy scope on %I as restrictive for select to portal_scoped using ('
      'exists (select from %I head where head.id = %I))', lines, head, key);
  end loop;
  for lines, head, key in values ('match_exception', 'invoice', 'invoice_id'), ('invoice_snapshot', 'invoice', 'invoice_id'),
      ('credit_note_snapshot', 'credit_note', 'credit_note_id'),
      ('goods_inspection', 'goods_receipt', 'receipt_id'), ('payment', 'invoice', 'invoice_id') loop
    execute format('create policy scope on %I as restrictive for select to portal_scoped using ('
      'exists (select from %I head where head.id = %I))', lines, head, key);
  end loop;
end $$;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, ROLE + SCOPE + OF_ORDERS + OF_DOCUMENTS)
