"""Everybody who looks after money is told of each step, also who did it: it may not have been they."""

from typing import Any

from portal.banks import commands
from tests.harness.banks import CALLED, CallBackForm, approval_of, convert, entered_account, proved
from tests.harness.jobs import run_jobs
from tests.harness.world import trading_pair

MAILS = ("messaging.notify", "messaging.send")


def told(mail: Any) -> str:
    return mail.get_body(("plain",)).get_content()


async def subjects(inbox, *people):
    await run_jobs(*MAILS)
    told = [[mail["Subject"] for mail in inbox.of(person)] for person in people]
    found = [[subject for subject in each if not subject.startswith("Alert")] for each in told]
    inbox.mails.clear()
    inbox.envelopes.clear()
    return found


async def test_each_step_of_the_supplier_is_told_to_its_administrators_and_billing(inbox):
    _company, supplier = await trading_pair()
    account = await entered_account(supplier)
    everybody = (supplier.billing, supplier.administrator)
    assert await subjects(inbox, *everybody) == [["A bank account was entered: DE •••• 3000"]] * 2
    await commands.confirm(proved(supplier.administrator), account.id)
    assert await subjects(inbox, *everybody) == [["Your bank account DE •••• 3000 was confirmed"]] * 2
    await commands.end(supplier.billing, account.id, "Closed")
    assert await subjects(inbox, *everybody) == [["Your bank account DE •••• 3000 was ended"]] * 2


async def test_the_buyers_payables_and_the_suppliers_people_follow_every_step(inbox):
    company, supplier = await trading_pair()
    account = await entered_account(supplier)
    await commands.confirm(proved(supplier.administrator), account.id)
    [[offered]] = await subjects(inbox, company.payable)
    assert offered == f"{supplier.name} has another bank account: DE •••• 3000"
    approval = await approval_of(company, account)
    form = convert(CallBackForm, {"call_back": CALLED})
    await commands.propose(proved(company.supplier_manager), approval.id, form)
    waits = f"Bank account DE •••• 3000 of {supplier.name} waits for a second person"
    checked = f"{company.name} is checking your bank account DE •••• 3000"
    found = await subjects(inbox, company.payable, company.approver, supplier.billing, supplier.administrator)
    assert found == [[waits], [waits], [checked], [checked]]

    await commands.approve(proved(company.approver), approval.id)

    await run_jobs(*MAILS)
    [mail] = inbox.of(company.payable)
    assert "May be paid from" in told(mail)
    assert "3704" not in told(mail)
    [theirs] = inbox.of(supplier.administrator)
    assert theirs["Subject"] == f"{company.name} approved your bank account DE •••• 3000"
    assert inbox.of(supplier.order_desk) == inbox.of(company.buyer) == []
