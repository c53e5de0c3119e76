"""Who may book and undo receipts: the receiver in their own part of the company, and never who approved the order."""

import msgspec
import pytest

from portal.platform.actor import Scope
from portal.platform.convert import convert
from portal.platform.refusals import Denied, Invalid, NotFound
from portal.platform.work import viewing
from portal.receipts import commands
from portal.receipts.forms import ReceiptForm
from portal.receipts.queries import ReceiptFilter, receipt_row, receipts
from tests.harness.deliveries import RECEIPTS, body, figures, line_ids, received, received_goods
from tests.harness.world import accepted_order, selling_company, trading_pair


async def test_who_approved_an_order_does_not_receive_its_goods(connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    both = msgspec.structs.replace(company.approver, roles=frozenset({"approver", "receiver", "anyone"}))
    form = convert(ReceiptForm, body(*map(received, await line_ids(company, order))))

    with pytest.raises(Denied, match="Somebody else"):
        await commands.create(both, form)
    assert await figures(company, order, "accepted") == [("0",)]
    await commands.create(company.receiver, form)


@pytest.mark.parametrize("role", ["requester", "buyer", "approver", "payable", "auditor"])
async def test_only_a_receiver_books_and_undoes_receipts(client_of, role):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    receipt = await received_goods(company, order, "3")
    client = await client_of(company.people[role])
    sent = body(*(received(each, "1") for each in await line_ids(company, order)))
    assert (await client.post(RECEIPTS, json=sent)).status_code == 403
    assert (await client.post(f"{RECEIPTS}/{receipt.id}/reverse")).status_code == 403


async def test_a_supplier_reads_receipts_of_its_goods_and_touches_none(client_of):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    receipt = await received_goods(company, order, "3")
    shipping, rival = await client_of(supplier.shipping), await client_of((await selling_company()).shipping)

    assert (await shipping.get(f"{RECEIPTS}/{receipt.id}")).status_code == 200
    assert (await shipping.post(f"{RECEIPTS}/{receipt.id}/reverse")).status_code == 403
    assert (await rival.get(f"{RECEIPTS}/{receipt.id}")).status_code == 404
    assert (await rival.get(RECEIPTS)).json()["items"] == []


async def test_a_receiver_works_within_their_scope(connected):
    company, supplier = await trading_pair()
    metals = await accepted_order(company, supplier, purchasing_group="M")
    paper = await accepted_order(company, supplier, purchasing_group="P")
    own, foreign = [await received_goods(company, order, "3") for order in (metals, paper)]
    receiver = msgspec.structs.replace(company.receiver, scope=Scope(purchasing_groups=("M",)))

    async with viewing(receiver) as view:
        assert [row.id for row in (await receipts(view, ReceiptFilter())).items] == [own.id]
        with pytest.raises(NotFound):
            await receipt_row(view, foreign.id)
    with pytest.raises(NotFound):
        await commands.reverse(receiver, foreign.id)
    with pytest.raises(Invalid):
        await commands.create(receiver, convert(ReceiptForm, body(*map(received, await line_ids(company, paper)))))
    await commands.reverse(receiver, own.id)
