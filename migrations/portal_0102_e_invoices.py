"""What a buyer asks for as invoices, and why what is exempt bears no tax."""

from portal.platform.migrations import sql_migration

ID = "2026-11-28T12:00:00"
VERSION = "1.50.0"
DESCRIPTION = "Forms of invoices that buyers ask for, and reasons of exemption"

# Who asked for nothing until now gets what it got; a code that is still running leaves both out.
WISHES = """
alter table trading_relationship
  add column e_invoice text not null default 'pdf' check (e_invoice in ('pdf', 'factur-x', 'ubl', 'xrechnung')),
  add column buyer_reference text not null default '' check (length(buyer_reference) <= 200);
comment on column trading_relationship.e_invoice is
  'In which form the buyer wants invoices; all but pdf are sent only if they keep the rules of EN 16931.';
comment on column trading_relationship.buyer_reference is
  'What the buyer routes its invoices by (BT-10), such as a Leitweg-ID.';
"""
REASONS = """
alter table invoice add column exemption_reason text not null default '';
alter table credit_note add column exemption_reason text not null default '';
comment on column invoice.exemption_reason is 'Why what is exempt (category E) bears no tax (BT-120).';
comment on column credit_note.exemption_reason is 'As its invoice says.';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, WISHES + REASONS)
