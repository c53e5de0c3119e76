"""Who may check a setting is asked to; a supplier is told what is held and until when, and never why."""

from datetime import timedelta
from typing import Any

from portal.organisations.commands import hold_supplier
from portal.organisations.forms import SupplierHoldForm
from portal.platform.convert import convert
from portal.settings.commands import decline
from tests.harness.days import today
from tests.harness.jobs import run_jobs
from tests.harness.settings import proposed_tolerances
from tests.harness.world import trading_pair

MAILS = ("messaging.notify", "messaging.send")
WHY = "They owe us a certificate."


def told(mail: Any) -> str:
    return mail.get_body(("plain",)).get_content()


async def test_who_may_check_a_proposal_is_asked_to_and_its_author_hears_of_a_refusal(inbox):
    company, _supplier = await trading_pair()
    proposal = await proposed_tolerances(company, {"receive": {"percent": "5"}})
    await run_jobs(*MAILS)
    [mail] = inbox.of(company.approver)
    assert mail["Subject"] == "A setting waits for a second person"
    assert f"/settings/versions/{proposal.id}" in told(mail)
    for role in ("administrator", "supplier_manager", "payable", "buyer", "auditor"):
        assert inbox.of(company.people[role]) == []
    await decline(company.approver, proposal.id, "Too much")
    await run_jobs(*MAILS)
    [mail] = inbox.of(company.supplier_manager)
    assert "Too much" in told(mail)


async def test_held_orders_and_invoices_are_told_to_whom_they_concern_without_the_reason(inbox):
    company, supplier = await trading_pair()
    day = today() + timedelta(days=5)
    form = convert(SupplierHoldForm, {"until": day.isoformat(), "reason": WHY})
    for what in ("orders", "invoices", "payments"):
        await hold_supplier(company.supplier_manager, supplier.id, what, form)
    await run_jobs(*MAILS)
    [orders], [invoices] = inbox.of(supplier.order_desk), inbox.of(supplier.billing)
    assert orders["Subject"] == f"{company.name} sends you no orders for a time"
    assert invoices["Subject"] == f"{company.name} takes no invoices from you for a time"
    for mail in inbox.mails:
        assert WHY not in mail.as_string()
        assert str(day.year) in told(mail)
