"""Each sort that a list offers has an index of each side that reads it, and no index is there twice."""

import importlib
import pkgutil
from typing import Any, NamedTuple

import psycopg
import pytest

import portal
from portal.platform.paging import Sort


class Listed(NamedTuple):
    """What a list reads, and the columns by which its sides begin."""

    table: str
    sides: tuple[str, ...]


# The module that offers the sorts → the rows it lists.
LISTS = {
    "portal.alerts.queries": Listed("alert", ("organisation_id",)),
    "portal.analytics.queries.statements": Listed("statement", ("buyer_id", "shown_to")),
    "portal.banks.queries.checked": Listed("bank_approval", ("buyer_id",)),
    "portal.banks.queries.own": Listed("bank_account", ("supplier_id",)),
    "portal.catalogue.queries": Listed("item", ("organisation_id",)),
    "portal.contracts.queries.lists": Listed("contract", ("buyer_id", "shown_to")),
    "portal.invoicing.queries.credits": Listed("credit_note", ("supplier_id", "shown_to")),
    "portal.invoicing.queries.lists": Listed("invoice", ("supplier_id", "shown_to")),
    "portal.operations.batches.queries": Listed("batch", ("organisation_id",)),
    "portal.operations.desk.queries": Listed("file_import", ("organisation_id",)),
    "portal.operations.workspace.engagements": Listed("engagement", ("organisation_id",)),
    "portal.operations.workspace.evidence": Listed("evidence_bundle", ("organisation_id",)),
    "portal.orders.queries.lists": Listed("purchase_order", ("buyer_id", "shown_to")),
    "portal.organisations.queries.offered": Listed("exchange_rate", ("organisation_id",)),
    "portal.organisations.queries.suppliers": Listed("trading_relationship", ("buyer_id",)),
    "portal.oversight.queries.emergencies": Listed("emergency_access", ("organisation_id",)),
    "portal.oversight.queries.reviews": Listed("access_review", ("organisation_id",)),
    "portal.ratings.queries": Listed("order_rating", ("buyer_id",)),
    "portal.receipts.queries.lists": Listed("goods_receipt", ("buyer_id", "shown_to")),
    "portal.reorders.queries": Listed("order_template", ("buyer_id",)),
    "portal.scorecards.queries.excuses": Listed("score_excuse", ("buyer_id", "shown_to")),
    "portal.services.queries.lists": Listed("service_entry", ("supplier_id", "shown_to")),
    "portal.signatures.queries.lists": Listed("signing", ("buyer_id", "shown_to")),
    "portal.shipments.queries.lists": Listed("despatch_advice", ("supplier_id", "shown_to")),
}
# Lists that are sorted in memory: why they are never long.
SHORT = {
    "portal.audit.queries": "the log has indexes of each of its partitions, see tests/audit",
    "portal.audit.holdings": "legal holds and disposals of one organisation, by their ids",
    "portal.scorecards.queries.lines": "the facts of one supplier and period",
    "portal.scorecards.queries.ranking": "one row a supplier of one period; only scores have an index",
}
_INDEXES = """
select c.relname as name, t.relname as table, pg_get_expr(i.indpred, i.indrelid) as only, i.indisunique as unique,
  m.amname as way, array(select pg_get_indexdef(i.indexrelid, k, true) from generate_series(1, i.indnatts) k) as columns
from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
  join pg_am m on m.oid = c.relam
where t.relnamespace = 'public'::regnamespace and not t.relispartition
"""


class Index(NamedTuple):
    name: str
    table: str
    only: str | None
    unique: bool
    way: str
    columns: list[str]


@pytest.fixture
def indexes(superuser: psycopg.Connection) -> list[Index]:
    return [Index(*row) for row in superuser.execute(_INDEXES.encode()).fetchall()]


def offered() -> dict[str, dict[str, Sort]]:
    """Every table of sorts in the portal."""
    found = {}
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if ".queries" in module.name or module.name.startswith(("portal.operations.workspace", "portal.audit")):
            sorts: Any = getattr(importlib.import_module(module.name), "SORTS", None)
            if isinstance(sorts, dict) and sorts and all(isinstance(each, Sort) for each in sorts.values()):
                found[module.name] = sorts
    return found


def test_every_offered_sort_has_an_index_of_each_side(indexes):
    sorted_by = offered()
    packages = {name for name in sorted_by if any(other.startswith(f"{name}.") for other in sorted_by)}
    assert set(sorted_by) - packages == {*LISTS, *SHORT}

    without = []
    for module, listed in LISTS.items():
        for name, sort in sorted_by[module].items():
            wanted = sort.by.format(sort.column)
            for side in listed.sides:
                begins = [each.columns[:2] for each in indexes if each.table == listed.table]
                if [side, wanted] not in begins:
                    without.append((module, name, side, wanted))
    assert without == []


def test_no_index_is_the_beginning_of_another(indexes):
    """The longer one serves what the shorter one does, and each costs every write."""
    twice = [
        (short.name, long.name)
        for short in indexes
        for long in indexes
        if short.name != long.name
        and (short.table, short.only, short.way) == (long.table, long.only, long.way)
        and not short.unique
        and short.columns == long.columns[: len(short.columns)]
    ]
    assert twice == []
