"""E-invoices as they came: the file itself, never changed, beside the invoice that was made of it."""

from portal.platform.migrations import sql_migration

ID = "2026-11-29T16:00:00"
VERSION = "1.51.0"
DESCRIPTION = "Received e-invoices"

# A file goes with its draft and with nothing else: what was sent is never removed. The buyer sees it with the invoice.
RECEIVED = """
create table received_invoice (
  invoice_id uuid primary key references invoice on delete cascade,
  supplier_id uuid not null references organisation,
  name text not null check (length(name) between 1 and 200),
  media_type text not null check (media_type in ('application/xml', 'application/pdf')),
  syntax text not null check (syntax in ('ubl', 'cii')),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  content bytea not null check (octet_length(content) between 1 and 10000000),
  xml bytea check (octet_length(xml) between 1 and 10000000),
  names_account boolean not null, lines jsonb not null, left_out jsonb not null, received_at timestamptz not null,
  constraint named check (encode(sha256(content), 'hex') = sha256),
  constraint inside check ((xml is not null) = (media_type = 'application/pdf')));
create index received_invoice_supplier on received_invoice (supplier_id);
call portal.protect('received_invoice', 'supplier_id = (select portal.organisation())');
create policy partner on received_invoice for select using (exists (select from invoice i
  where i.id = received_invoice.invoice_id and i.shown_to = (select portal.organisation())));
create policy scope on received_invoice as restrictive for select to portal_scoped using (
  exists (select from invoice head where head.id = invoice_id));
revoke update on received_invoice from portal_app;
create trigger unchanged before update on received_invoice
  for each row execute function portal.refuse_change('what was received');
comment on table received_invoice is 'E-invoices as they came, byte by byte; `xml` is what a PDF carries inside.';
comment on column received_invoice.lines is
  'Of each line of the file: the order line that it bills, or why it is not in the invoice.';
comment on column received_invoice.left_out is 'What the file says beyond the terms of EN 16931, by its place.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, RECEIVED)
