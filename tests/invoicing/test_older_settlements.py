"""What was paid and credited before credit notes said how much of them was set off is still right afterwards."""

from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from portal.platform.paths import resource
from tests.harness.cluster import run, url
from tests.orders.test_older_data import script_of

NAME = "portal_older_settlements"
MENDING = "0056"
# Invoices of 100: one paid with its own credit note of 40; one paid, then credited whole and not netted yet, and one
# whose later credit note the fourth's payment netted; one paid in part and credited whole, which nobody could end;
# one open whose credit note was settled alone.
WRITTEN = """
set session_replication_role = replica;
insert into invoice (id, supplier_id, buyer_id, shown_to, supplier_name, buyer_name, order_id, order_number, number,
  number_key, state, currency, issue_date, due_date, payable_on, payment_days, earliest_due, lines_net, net, tax, gross,
  gross_minor, created_at, submitted_at, settled_on, settled_at, settlement_reference)
select n::text::uuid, s, b, b, '', '', s, '', number, number, state, 'EUR', '2026-01-01', '2026-01-31', '2026-01-31',
  30, '2026-01-31', 100, 100, 0, 100, 10000, now(), now(), case when state = 'settled' then date '2026-02-01' end,
  case when state = 'settled' then timestamptz '2026-02-01' end, case when state = 'settled' then 'TRF' else '' end
from (values ('00000000-0000-7000-8000-00000000000b'::uuid, '00000000-0000-7000-8000-00000000000d'::uuid)) p (b, s),
  (values ('00000000-0000-7000-8000-000000000001', 'OWN', 'settled'), ('00000000-0000-7000-8000-000000000002', 'LATER',
    'settled'), ('00000000-0000-7000-8000-000000000003', 'NETTED', 'settled'), ('00000000-0000-7000-8000-000000000004',
    'NETS', 'settled'), ('00000000-0000-7000-8000-000000000005', 'STUCK', 'approved'),
    ('00000000-0000-7000-8000-000000000006', 'ALONE', 'approved')) i (n, number, state);
insert into payment (id, buyer_id, supplier_id, shown_to, invoice_id, paid_on, reference, currency, amount, credited,
  created_at)
select gen_random_uuid(), i.buyer_id, i.supplier_id, i.supplier_id, i.id, '2026-02-01', 'TRF', 'EUR', p.amount,
  p.credited, now() from invoice i join (values ('OWN', 60, 0), ('LATER', 100, 0), ('NETTED', 100, 0), ('NETS', 70, 30),
  ('STUCK', 80, 0)) p (number, amount, credited) on p.number = i.number;
insert into credit_note (id, supplier_id, buyer_id, shown_to, supplier_name, buyer_name, invoice_id, invoice_number,
  invoice_date, order_id, number, number_key, kind, reason, state, currency, issue_date, lines_net, net, tax, gross,
  gross_minor, created_at, submitted_at, decided_at, booked_at, settled_on, settled_at, payment_id)
select gen_random_uuid(), i.supplier_id, i.buyer_id, i.buyer_id, '', '', i.id, i.number, '2026-01-01', i.order_id,
  'C-' || i.number, 'C-' || i.number, 'goods', '-', c.state, 'EUR', '2026-01-02', c.gross, c.gross, 0, c.gross,
  c.gross * 100, now(), now(), now(), now(), case when c.state = 'settled' then date '2026-02-01' end,
  case when c.state = 'settled' then now() end,
  (select p.id from payment p join invoice o on o.id = p.invoice_id where o.number = c.payer)
from invoice i join (values ('OWN', 40, 'settled', 'OWN'), ('LATER', 100, 'approved', null), ('NETTED', 30, 'settled',
  'NETS'), ('STUCK', 100, 'approved', null), ('ALONE', 25, 'settled', null)) c (number, gross, state, payer)
  on c.number = i.number;
set session_replication_role = origin;
"""


def earlier() -> list[str]:
    numbers = (path.name.split("_")[1] for path in Path(str(resource("migrations"))).glob("portal_0*.py"))
    return sorted(number for number in numbers if number < MENDING)


@pytest.fixture(scope="module")
async def mended(connected: None) -> AsyncIterator[psycopg.Connection]:
    """Invoices and credit notes as they were stored, after the migration."""
    before = [await script_of(number) for number in earlier()]
    with psycopg.connect(url("postgres", "postgres"), autocommit=True) as connection:
        run(connection, f"create database {NAME} owner portal_owner")
        with (
            psycopg.connect(url("portal_owner", NAME), autocommit=True) as owner,
            psycopg.connect(url("postgres", NAME), autocommit=True) as superuser,
        ):
            for script in before:
                run(owner, script)
            run(superuser, WRITTEN)
            run(owner, await script_of(MENDING))
            yield superuser
        run(connection, f"drop database {NAME} with (force)")


def test_each_credit_note_says_what_its_invoice_took_of_it(mended):
    rows = run(mended, "select number, set_off, state from credit_note order by number").fetchall()
    assert rows == [
        ("C-ALONE", 25, "settled"),
        ("C-LATER", 0, "approved"),
        ("C-NETTED", 0, "settled"),
        ("C-OWN", 40, "settled"),
        ("C-STUCK", 0, "approved"),
    ]


def test_what_is_left_is_as_it_was_and_nothing_disagrees(mended):
    rows = run(mended, "select number, gross - portal.came_off(id) from invoice order by number").fetchall()
    assert rows == [("ALONE", 75), ("LATER", 0), ("NETS", 0), ("NETTED", 0), ("OWN", 0), ("STUCK", -80)]
    for view in ("netted_otherwise", "settled_otherwise"):
        assert run(mended, f"select * from portal.{view}").fetchall() == []
