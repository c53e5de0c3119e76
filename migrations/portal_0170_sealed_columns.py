"""Where something lies that the key ring seals is said in one table, and whatever turns or tries the ring reads it."""

from portal.platform.migrations import sql_migration

ID = "2026-12-01T08:00:00"
VERSION = "1.53.0"
DESCRIPTION = "The columns that the key ring seals, as rows"

# Whatever adds a kind of secret adds its line here, and the ring turns with it.
RING = """
create table portal.sealed_column (
  kind text not null, holder text primary key, named text not null, sealed text not null, ordered text not null);
comment on table portal.sealed_column is 'Columns that the key ring seals: the kind of secret, the table, the column that '
  'names its rows, the sealed one, and by which the oldest and the newest are known.';
grant select on portal.sealed_column to portal_gate;
insert into portal.sealed_column values
  ('person-key', 'person_key', 'person_id', 'wrapped', 'created_at'),
  ('totp', 'totp', 'person_id', 'sealed', 'created_at'),
  ('oidc', 'identity_provider_secret', 'provider_id', 'sealed', 'provider_id'),
  ('oidc-proposal', 'proposed_provider_secret', 'setting_id', 'sealed', 'setting_id'),
  ('bank-account', 'bank_account_number', 'bank_account_id', 'sealed', 'bank_account_id'),
  ('fingerprint-key', 'fingerprint_key', 'id', 'sealed', 'id'),
  ('signing-key', 'signing_key', 'id', 'sealed', 'generation'),
  ('received-file', 'received_invoice', 'invoice_id', 'data_key', 'invoice_id'),
  ('received-file', 'received_credit_note', 'credit_note_id', 'data_key', 'credit_note_id');
"""

GATE = """
set local role portal_gate;
create or replace function portal.sealed_secrets() returns table (kind text, id uuid, sealed bytea)
  language plpgsql stable security definer set search_path = public as $$
declare place portal.sealed_column;
begin
  for place in select * from portal.sealed_column order by holder loop
    return query execute format('select %L, %I, %I from %I where %3$I is not null',
      place.kind, place.named, place.sealed, place.holder);
  end loop;
end $$;

create or replace function portal.sealed_samples(most int) returns table (kind text, id uuid, sealed bytea)
  language plpgsql stable security definer set search_path = public as $$
declare place portal.sealed_column;
begin
  for place in select * from portal.sealed_column order by holder loop
    return query execute format('with kept as not materialized (select %I as id, %I as sealed, %I as ordered from %I where %2$I is not null) '
      '(select %5$L, k.id, k.sealed from kept k order by k.ordered limit $1) union '
      '(select %5$L, k.id, k.sealed from kept k order by k.ordered desc limit $1)',
      place.named, place.sealed, place.ordered, place.holder, place.kind) using most;
  end loop;
end $$;

create or replace function portal.reseal(kinds text[], ids uuid[], present bytea[], anew bytea[]) returns bigint
  language plpgsql security definer set search_path = public as $$
declare place portal.sealed_column; of_place bigint; done bigint = 0;
begin
  for place in select * from portal.sealed_column order by holder loop
    execute format('update %I t set %I = s.anew from unnest($1, $2, $3, $4) as s (kind, id, present, anew) '
      'where s.kind = %L and t.%I = s.id and t.%2$I = s.present', place.holder, place.sealed, place.kind, place.named)
      using kinds, ids, present, anew;
    get diagnostics of_place = row_count;
    done = done + of_place;
  end loop;
  return done;
end $$;
reset role;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, RING + GATE)
