"""Every verb × every state, in the code and in the database: both refuse what the table does not say."""

import re
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from portal.alerts.states import ALERT
from portal.audit.states import HOLD
from portal.banks.states import ACCOUNT, APPROVAL
from portal.contracts.states import CONTRACT
from portal.debits.states import DEBIT
from portal.invoicing.states import CREDIT, INVOICE
from portal.operations.batches.states import BATCH
from portal.operations.desk.states import IMPORT
from portal.operations.workspace.states import ENGAGEMENT, EVIDENCE
from portal.orders.states import CHANGE, ORDER, RESPONSE
from portal.organisations.states import RELATION
from portal.oversight.states import EMERGENCY, REVIEW, REVIEWED
from portal.platform.refusals import Conflict
from portal.platform.states import StateTable
from portal.receipts.states import RECEIPT
from portal.shipments.states import ADVICE
from portal.signatures.states import SIGNING

TABLES: dict[str, StateTable] = {
    "purchase_order": ORDER,
    "order_response": RESPONSE,
    "order_change": CHANGE,
    "despatch_advice": ADVICE,
    "goods_receipt": RECEIPT,
    "invoice": INVOICE,
    "legal_hold": HOLD,
    "credit_note": CREDIT,
    "file_import": IMPORT,
    "trading_relationship": RELATION,
    "engagement": ENGAGEMENT,
    "emergency_access": EMERGENCY,
    "access_review": REVIEW,
    "reviewed_role": REVIEWED,
    "evidence_bundle": EVIDENCE,
    "batch": BATCH,
    "bank_account": ACCOUNT,
    "bank_approval": APPROVAL,
    "alert": ALERT,
    "contract": CONTRACT,
    "debit_note": DEBIT,
    "signing": SIGNING,
}


class Everybody:
    """Somebody who may do everything: only the state decides here."""

    def require(self, permission: str, about: object) -> None:
        assert re.fullmatch(r"[a-z-]+:[a-z]+", permission)


def record(state: str) -> SimpleNamespace:
    """A record that fulfils every proviso."""
    plain: dict[str, Any] = {
        "signing_id": None,
        "on_hold": False,
        "hold_reason": "",
        "acknowledged_at": None,
        "agreed_at": True,
        "recorded_at": True,
        "renewal_months": 12,
        "notice_at": None,
        "amends_id": None,
    }
    statuses = {"despatch_status": "none", "receipt_status": "none"}
    return SimpleNamespace(id=None, state=state, **plain, **statuses)


@pytest.mark.parametrize(
    ("table", "verb", "state"),
    [(name, row.verb, str(state)) for name, table in TABLES.items() for row in table for state in table.names],
)
def test_a_verb_is_taken_in_its_states_and_refused_in_all_others(table, verb, state):
    transition = next(row for row in TABLES[table] if row.verb == verb)
    row = record(state)
    if state in transition.sources:
        TABLES[table].take(verb, row, Everybody())
        assert row.state == transition.target
    else:
        with pytest.raises(Conflict):
            TABLES[table].take(verb, row, Everybody())
        assert row.state == state


@pytest.mark.parametrize("table", TABLES)
def test_the_database_knows_the_same_transitions(superuser: psycopg.Connection, table):
    told: Any = superuser.execute(
        "select encode(tgargs, 'escape') from pg_trigger where tgname = 'legal_state' and tgrelid = %s::regclass",
        [table],
    ).fetchone()
    kept = {tuple(pair.split(">")) for pair in told[0].split("\\000") if pair}

    assert kept == {(str(source), str(target)) for source, target in TABLES[table].pairs()}
