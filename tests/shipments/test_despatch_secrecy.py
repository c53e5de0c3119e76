"""Who sees a despatch advice, and from when: nobody sees the other side's drafts, and what was sent never changes."""

import msgspec
import psycopg
import pytest

from portal.platform.actor import Scope
from portal.platform.refusals import NotFound
from portal.platform.work import viewing
from portal.shipments.queries import AdviceFilter, advice_row, advices
from tests.harness.deliveries import (
    ADVICES,
    body,
    despatched,
    despatched_goods,
    disagreements,
    drafted_advice,
    events_of,
    line_ids,
)
from tests.harness.world import accepted_order, draft_order, selling_company, trading_pair


async def test_the_buyer_learns_nothing_of_a_draft(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    draft = await drafted_advice(company, supplier, order, "4", carrier="Secret Freight")

    for role in ("receiver", "buyer", "auditor", "payable"):
        client = await client_of(company.people[role])
        assert (await client.get(f"{ADVICES}/{draft.id}")).status_code == 404
        assert (await client.get(ADVICES)).json()["items"] == []
    assert "despatch-advice.created" not in await events_of(company.auditor, order.id)
    assert "despatch-advice.created" in await events_of(supplier.auditor, order.id)


async def test_what_a_draft_said_before_it_left_stays_the_suppliers_own(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    draft = await drafted_advice(company, supplier, order, "4", carrier="Secret Freight")
    shipping = await client_of(supplier.shipping)
    await shipping.put(f"{ADVICES}/{draft.id}", json=body(*map(despatched, await line_ids(company, order))))
    await shipping.post(f"{ADVICES}/{draft.id}/despatch")

    async with viewing(company.auditor) as view:
        told = await view.fetch("select body from audit_entry where subject_id = $1", draft.id)
    assert len(told) == 1
    assert "Secret Freight" not in told[0]["body"]


async def test_a_supplier_learns_nothing_of_an_order_that_was_not_issued(client_of):
    company, supplier = await trading_pair()
    hidden = await draft_order(company, supplier)
    sent = body(*map(despatched, await line_ids(company, hidden)))
    refused = await (await client_of(supplier.shipping)).post(ADVICES, json=sent)
    assert refused.status_code == 422
    assert hidden.number not in refused.text


async def test_another_supplier_finds_no_despatch_advice_at_all(client_of):
    company, supplier = await trading_pair()
    advice = await despatched_goods(company, supplier, await accepted_order(company, supplier))
    rival = await client_of((await selling_company()).shipping)

    for answer in (
        await rival.get(f"{ADVICES}/{advice.id}"),
        await rival.put(f"{ADVICES}/{advice.id}", json=body(despatched(advice.id))),
        await rival.post(f"{ADVICES}/{advice.id}/despatch"),
        await rival.post(f"{ADVICES}/{advice.id}/cancel"),
    ):
        assert answer.status_code == 404
    assert (await rival.get(ADVICES)).json()["items"] == []


@pytest.mark.parametrize("role", ["order_desk", "billing", "auditor"])
async def test_only_shipping_despatches_at_a_supplier(client_of, role):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    draft = await drafted_advice(company, supplier, order)
    client = await client_of(supplier.people[role])

    assert (await client.get(f"{ADVICES}/{draft.id}")).status_code == 200
    sent = body(*map(despatched, await line_ids(company, order)))
    assert (await client.post(ADVICES, json=sent)).status_code == 403
    assert (await client.post(f"{ADVICES}/{draft.id}/despatch")).status_code == 403


async def test_a_buyer_cannot_despatch_for_its_supplier(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    client = await client_of(company.receiver)
    sent = body(*map(despatched, await line_ids(company, order)))
    assert (await client.post(ADVICES, json=sent)).status_code == 403


async def test_a_receivers_scope_is_that_of_the_orders_on_the_lorry(connected):
    company, supplier = await trading_pair()
    metals = await despatched_goods(company, supplier, await accepted_order(company, supplier, purchasing_group="M"))
    paper = await despatched_goods(company, supplier, await accepted_order(company, supplier, purchasing_group="P"))
    receiver = msgspec.structs.replace(company.receiver, scope=Scope(purchasing_groups=("M",)))

    async with viewing(receiver) as view:
        assert [row.id for row in (await advices(view, AdviceFilter())).items] == [metals.id]
        assert (await advice_row(view, metals.id)).id == metals.id
        with pytest.raises(NotFound):
            await advice_row(view, paper.id)


@pytest.mark.parametrize(
    "rewriting",
    [
        "update despatch_advice set carrier = 'Other' where id = %s",
        "update despatch_advice set state = 'draft', shown_to = null, despatched_at = null where id = %s",
        "update despatch_advice set state = 'cancelled', shown_to = null, despatched_at = null where id = %s",
        "update despatch_line set quantity = 1 where advice_id = %s",
        "update despatch_line set shown_to = null where advice_id = %s",
        "update despatch_line set received = -1 where advice_id = %s",
        "delete from despatch_line where advice_id = %s",
    ],
)
async def test_the_database_itself_refuses_to_rewrite_what_was_sent(superuser, connected, rewriting):
    company, supplier = await trading_pair()
    advice = await despatched_goods(company, supplier, await accepted_order(company, supplier))
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute(rewriting.encode(), [advice.id])
    assert disagreements(superuser, company) == []
