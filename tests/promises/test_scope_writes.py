"""A write on what lies outside one's scope is answered as for an id that is none: nobody learns that it is there."""

from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from portal.access.queries import forget_person
from portal.platform.ids import new_id
from tests.harness.banks import proved
from tests.harness.bodies import body_of
from tests.harness.world import an_item, trading_pair
from tests.promises.test_writes import WRITES, writes_of

WALLED = ("requester", "buyer", "approver", "receiver", "payable")  # whose roles are asked for a scope
# What is no part's but the whole company's: people, settings, rates, accounts, statements, documents to be signed; what
# makes a new order; and what is one's own, a zip that one asked for.
WHOLE = {
    "createPurchaseOrder", "enterExchangeRates", "setRateAge", "proposeCoolOff", "approveSetting", "declineSetting",
    "proposeSupplierAccount", "approveSupplierAccount", "declineSupplierAccount", "revokeSupplierAccount",
    "askEmergencyAccess", "declineEmergencyAccess", "withdrawEmergencyAccess", "reviewEmergencyAccess",
    "sendStatement", "replyToObjection", "correctStatement", "withdrawStatement", "withdrawSigning",
    "setLastDayToSign",
    "createContract", "replaceContract", "offerContract", "reopenContract", "approveContract", "signContract",
    "cancelContract", "terminateContract", "presentContract",
    "setContractClauses", "amendContract", "setContractPerformance", "acceptDeliverable", "refuseDeliverable",
    "acceptDebitNote", "waiveDebitNote", "cancelBatch",
}  # fmt: skip
OF_A_PART = sorted(name for name, (role, _of) in WRITES.items() if role in WALLED and name not in WHOLE)


@pytest.mark.parametrize("operation", OF_A_PART)
async def test_a_write_outside_ones_scope_finds_what_a_wrong_id_finds(app, client_of, superuser, operation):
    role, situation = WRITES[operation]
    company, supplier = await trading_pair()
    ids = {"item_id": (await an_item(company)).id, "supplier_id": supplier.id} | await situation(company, supplier)
    actor, elsewhere = proved(company.people[role]), Jsonb({"sites": [str(new_id())]})
    superuser.execute("update membership set scope = %s where person_id = %s", [elsewhere, actor.person_id])
    forget_person(actor.person)
    client = await client_of(actor)
    method, path = writes_of(app)[operation]
    wrong = {name: new_id() if isinstance(value, UUID) else value for name, value in ids.items()}

    there = await client.request(method, path.format(**ids), json=body_of(operation, ids))
    nowhere = await client.request(method, path.format(**wrong), json=body_of(operation, wrong))

    assert there.status_code in (404, 422), there.text
    told = [answer.json() | {"instance": "", "request_id": ""} for answer in (there, nowhere)]
    assert told[0] == told[1]
