"""The doctor compares what is kept twice, and every run of stories ends with nothing that disagrees."""

import json

import pytest

from portal.cli.figures import disagreements, figures
from tests.harness.cluster import url
from tests.harness.world import accepted_order, trading_pair


@pytest.fixture
def addresses(database: str) -> tuple[str, str]:
    return url("portal_app", database), url("portal_owner", database)


async def test_a_ledger_that_its_documents_contradict_is_found(connected, addresses, superuser):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    set_to = "update purchase_order_line set received = %s, accepted = %s where order_id = %s"
    superuser.execute("set session_replication_role = replica")
    superuser.execute(set_to, [3, 3, order.id])
    try:
        found = disagreements(*addresses)
        bad = next(each for each in figures(*addresses) if each.found.startswith("received_otherwise"))
    finally:
        superuser.execute(set_to, [0, 0, order.id])
        superuser.execute("set session_replication_role = origin")

    assert company.name in found["received_otherwise"]
    assert (bad.state, company.name in json.dumps(bad.facts())) == ("bad", True)
