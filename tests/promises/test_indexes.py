"""Each sort that a list offers has an index of each side that reads it; none is there twice, or for nobody."""

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
    "portal.debits.queries": Listed("debit_note", ("buyer_id", "shown_to")),
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
# Who asks by an index that serves no offered sort or filter and leads to no other record.
ASKED_BY = {
    "audit_entry_actor_at": "search of the log by who acted",
    "audit_entry_event_at": "search of the log by what happened",
    "audit_entry_name": "search of the log by a name that is no record's",
    "audit_entry_owner_at": "search of the log by time",
    "audit_entry_root": "history of a record and all that belongs to it",
    "audit_entry_shown_at": "what the other side may read of the log",
    "audit_entry_subject": "history of one record",
    "bank_account_fingerprint": "who else has this account: conflicts, and changes of an account in two places",
    "bank_approval_supplier": "the supplier's own page of its accounts",
    "ceremony_age": "cleaning up",
    "delivery_fact_counts": "scorecards of a month",
    "despatch_advice_buyer_number": "search by number, of the buyer",
    "despatch_advice_buyer_tracking": "search by tracking number, of the buyer",
    "disposal_item_record": "whether a record was disposed of",
    "document_sha256": "/verify",
    "ended_session_until": "cleaning up",
    "evidence_file_record": "files of a record in the order of their coming",
    "goods_receipt_supplier_note": "search by delivery note, of the supplier",
    "goods_receipt_supplier_number": "search by number, of the supplier",
    "idempotency_key_age": "cleaning up",
    "mail_link_subject": "a new link ends those before it",
    "mail_message_unconfirmed": "mails that a server took and never confirmed",
    "organisation_gln": "registering: the same number twice",
    "organisation_register": "registering: the same number twice",
    "organisation_vat": "registering: the same number twice",
    "policy_load_at": "the policy of a past day",
    "purchase_order_line_unbilled": "what was received and not invoiced, of the buyer",
    "purchase_order_line_unbilled_supplier": "what was received and not invoiced, of the supplier",
    "purchase_order_supplier_due": "orders to answer soon",
    "reviewed_role_open": "reviews that wait for a person",
    "schedule_fact_due": "scorecards of a month",
    "schedule_fact_first": "scorecards of a month",
    "schedule_fact_last": "scorecards of a month",
    "schedule_fact_order": "facts of an order that changed",
    "schedule_fact_requested": "scorecards of a month",
    "service_entry_buyer_number": "search by number, of the buyer",
    "session_expiry": "cleaning up",
    "sign_in_attempt_account": "limits of an account",
    "sign_in_attempt_address": "limits of an address",
    "sign_in_attempt_age": "cleaning up",
    "signatory_sha256": "/verify",
}
SIDES = {"organisation_id", "buyer_id", "supplier_id", "shown_to"}
_REFERENCES = """
select t.relname, array(select a.attname::text from unnest(k.conkey) as u (n) join pg_attribute a
  on a.attrelid = t.oid and a.attnum = u.n)
from pg_constraint k join pg_class t on t.oid = k.conrelid
where k.contype = 'f' and t.relnamespace = 'public'::regnamespace
"""
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


def test_each_index_serves_an_offered_sort_or_filter_a_reference_or_somebody_who_is_named(indexes, superuser):
    """What no question needs costs every write: it is dropped."""
    references = [(table, set(columns)) for table, columns in superuser.execute(_REFERENCES.encode()).fetchall()]
    sides = {(listed.table, side) for listed in LISTS.values() for side in listed.sides}
    sorts = {
        (listed.table, side, sort.by.format(sort.column))
        for module, listed in LISTS.items()
        for sort in offered()[module].values()
        for side in listed.sides
    }

    def is_offered(index: Index) -> bool:
        side, *then = index.columns
        filters = then == ["search"] or then[:1] == ["state"]
        return (index.table, side, *then[:1]) in sorts or (filters and (index.table, side) in sides)

    def refers(index: Index) -> bool:
        theirs = [columns for table, columns in references if table == index.table]
        return any(
            set(index.columns[: len(columns)]) == columns or index.columns[0] in columns - SIDES for columns in theirs
        )

    unexplained = {each.name for each in indexes if not (each.unique or is_offered(each) or refers(each))}
    assert unexplained == set(ASKED_BY)
