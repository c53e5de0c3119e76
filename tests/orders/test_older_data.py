"""What was stored before agreements were revisions and returns had a column of their own is still right afterwards."""

import importlib.util
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from portal.platform.paths import resource
from tests.harness.cluster import run, url

NAME = "portal_older"
BEFORE = [f"{number:04}" for number in range(1, 10)]
MENDING = [*(f"{number:04}" for number in range(10, 17)), "0020"]
WRITTEN = """
insert into organisation (id, name, kind, country, currency) values
  ('00000000-0000-7000-8000-00000000000b', 'Buyer', 'buyer', 'DE', 'EUR'),
  ('00000000-0000-7000-8000-00000000000d', 'Supplier', 'supplier', 'DE', 'EUR');
insert into item (id, organisation_id, number, name, unit, category) values
  ('00000000-0000-7000-8000-0000000000aa', '00000000-0000-7000-8000-00000000000b', 'A', 'Bolt', 'C62', 'Steel');
insert into purchase_order (id, buyer_id, supplier_id, shown_to, buyer_name, supplier_name, number, state, currency,
  net, tax, gross, despatch_status, created_at, approved_at, approved_by, reason)
select ('00000000-0000-7000-8000-00000000010' || n)::uuid, b, s, case when state <> 'draft' then s end, '', '',
  'PO-' || n, state, 'EUR', net, 0, net, despatch, now(), case when state <> 'draft' then now() end,
  case when state <> 'draft' then gen_random_uuid() end, reason
from (values ('00000000-0000-7000-8000-00000000000b'::uuid, '00000000-0000-7000-8000-00000000000d'::uuid)) p (b, s),
  (values (1, 'draft', 100, 'none', 'Too dear'), (2, 'issued', 100, 'none', 'Too dear'),
    (3, 'rejected', 100, 'none', 'No steel'), (4, 'accepted', 200, 'partial', ''),
    (5, 'closed', 100, 'none', 'No wood'), (6, 'closed', 100, 'none', 'Too dear')) o (n, state, net, despatch, reason);
insert into purchase_order_line (id, order_id, buyer_id, supplier_id, line, kind, item_id, description, quantity, unit,
  unit_price, price_unit, net, tax_category, tax_rate, confirmed, despatched, received, rejected)
select ('00000000-0000-7000-8000-00000000040' || n)::uuid, '00000000-0000-7000-8000-000000000104',
  '00000000-0000-7000-8000-00000000000b', '00000000-0000-7000-8000-00000000000d', n, kind,
  '00000000-0000-7000-8000-0000000000aa', '-', 10, 'C62', 1, 'C62', 10, 'Z', 0, 10, gone, gone, gone
from (values (1, 'goods', 10), (2, 'charge', 0), (3, 'service', 0)) l (n, kind, gone);
insert into schedule_line (id, line_id, order_id, buyer_id, supplier_id, sequence, quantity)
select id, id, order_id, buyer_id, supplier_id, 1, quantity from purchase_order_line;
insert into schedule_fact (id, buyer_id, supplier_id, shown_to, order_id, order_number, line_id, line, sequence,
  description, unit, unit_price, discount, base_quantity, currency, time_zone, ordered_quantity, first_quantity,
  last_quantity, issued_at)
select id, buyer_id, supplier_id, supplier_id, order_id, 'PO-4', id, line, 1, '-', 'C62', 1, 0, 1, 'EUR', 'UTC', 10, 10,
  10, now() from purchase_order_line;
insert into order_response (id, order_id, buyer_id, supplier_id, revision, code, state, reason, created_at)
select gen_random_uuid(), id, buyer_id, supplier_id, 1, 'RE', 'recorded', reason, now() from purchase_order
where number in ('PO-3', 'PO-5');
insert into order_revision (order_id, revision, buyer_id, issued_at, snapshot)
select id, 1, buyer_id, now(), jsonb_build_object('order', jsonb_build_object('reason', reason, 'number', number),
  'totals', jsonb_build_object('gross', '150')) from purchase_order where number in ('PO-2', 'PO-4');
"""


def path_of(number: str) -> Path:
    return next(Path(resource("migrations")).glob(f"portal_{number}_*.py"))


async def script_of(number: str) -> str:
    """The SQL of one migration."""
    path = path_of(number)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.sql_migration = lambda _identifier, _description, script: script
    return await module.forwards()


@pytest.fixture(scope="module")
def emptied(connected: None) -> Iterator[str]:
    """A database with no schema at all."""
    with psycopg.connect(url("postgres", "postgres"), autocommit=True) as connection:
        run(connection, f"drop database if exists {NAME} with (force)")
        run(connection, f"create database {NAME} owner portal_owner")
        yield NAME
        run(connection, f"drop database {NAME} with (force)")


@pytest.fixture(scope="module")
async def mended(emptied: str) -> AsyncIterator[psycopg.Connection]:
    """Orders as they were stored, after the migration."""
    before, mending = [[await script_of(number) for number in numbers] for numbers in (BEFORE, MENDING)]
    with (
        psycopg.connect(url("portal_owner", emptied), autocommit=True) as owner,
        psycopg.connect(url("postgres", emptied), autocommit=True) as superuser,
    ):
        for script in before:
            run(owner, script)
        run(superuser, WRITTEN)
        for script in mending:
            run(owner, script)
        yield superuser


def told(mended: psycopg.Connection, *columns: str) -> dict[str, tuple[Any, ...]]:
    rows = run(mended, f"select number, {', '.join(columns)} from purchase_order order by number").fetchall()
    return {row[0]: row[1:] for row in rows}


def test_a_reason_goes_to_whom_it_is_for(mended):
    assert told(mended, "reason", "return_reason") == {
        "PO-1": ("", "Too dear"),
        "PO-2": ("", ""),
        "PO-3": ("No steel", ""),
        "PO-4": ("", ""),
        "PO-5": ("No wood", ""),
        "PO-6": ("", ""),
    }
    snapshots = run(mended, "select snapshot -> 'order' from order_revision order by issued_at, order_id").fetchall()
    assert snapshots == [({"number": "PO-2"},), ({"number": "PO-4", "reason": ""},)]


def test_what_was_approved_is_what_was_issued_first(mended):
    found = told(mended, "approved_gross", "approved_ceiling")
    assert (found["PO-1"], found["PO-2"], found["PO-4"]) == ((None, None), (150, 150), (150, 200))


def test_charges_are_not_awaited_services_not_despatched_and_rejected_goods_have_come(mended):
    found = told(mended, "despatch_status", "receipt_status", "categories")
    assert found["PO-4"] == ("complete", "partial", ["Steel"])
    asked = run(mended, "select ordered_quantity, first_quantity, last_quantity from schedule_fact order by line")
    assert asked.fetchall() == [(10, 10, 10), (0, 0, 0), (10, 10, 10)]
