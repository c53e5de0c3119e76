"""A portal in a process of its own: one buyer, one supplier, orders in several states.

Prints one line of JSON when it is about to answer: its address, who may sign in, and where to look.
"""

import asyncio
import json
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.access.commands import publish_text, set_password, set_security
from portal.access.commands.links import make_link
from portal.access.forms import LegalForm, SecurityForm
from portal.app import create_app, wire
from portal.cli.web import address, listen, serve
from portal.contracts.commands import set_clauses
from portal.contracts.forms import ClausesForm
from portal.orders import commands
from portal.organisations.commands import approve_supplier
from portal.platform import database, vault
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.ids import new_id
from portal.platform.work import changing, viewing
from tests.harness import world
from tests.harness.audits import audited
from tests.harness.banks import proved
from tests.harness.batches import asked_batch
from tests.harness.changes import added, changed, to, without
from tests.harness.contracts import (
    a_clause,
    a_deliverable,
    amended_draft,
    approved_contract,
    departing_order,
    draft_contract,
    owing_contract,
    presented_contract,
    recorded_contract,
    renegotiated_contract,
)
from tests.harness.credits import (
    a_rate,
    billed_lines,
    corrected,
    drafted_credit,
    offered_terms,
    returned,
    sent_credit,
)
from tests.harness.debits import accepted_debit, proposed_debit
from tests.harness.deliveries import despatched_goods, drafted_advice, received_goods
from tests.harness.identity import an_invitation
from tests.harness.imports import brought_files, ended_import
from tests.harness.invoices import draft_invoice, submitted_invoice
from tests.harness.masters import set_price
from tests.harness.oversight import overseen
from tests.harness.reorders import kept_template
from tests.harness.scores import scores_of
from tests.harness.services import a_limit, accepted_services, drafted_entry, hours, service_order, submitted_entry
from tests.harness.settings import proposed_tolerances
from tests.harness.signings import half_signed
from tests.harness.situations_of_money import account_offered, alert_raised
from tests.harness.statements import sent_statement

PASSWORD = "correct horse battery staple"
STEPS = [{"days": 14, "percent": "2"}]
LINES = (
    world.line(unit_price="0.0825", quantity="1200"),
    world.line(description="精密轴承 6204-2RS 带密封圈", unit="KGM", quantity="25.5", base_quantity="10", tax_rate="7"),
    world.line(description="Aluminium sheet EN AW-5754, 2 mm, cut to 1000 × 2000 mm, film on top", discount="5"),
)

SERVICES = (hours("12", description="Yearly maintenance of the hydraulic press, with travel"), a_limit("5000"))


async def furnish() -> dict[str, Any]:
    """Make the two companies and give their people passwords."""
    await database.connect()
    try:
        company, supplier = await world.trading_pair(supplier_number="S-1001")
        second = await world.selling_company()
        await approve_supplier(company.supplier_manager, second.id)
        seller = await world.a_colleague(supplier, "order_desk", "shipping", "billing")
        others = {"order_desk": supplier.order_desk, "supplier": seller, "accounts": supplier.billing}
        people = company.people | others
        for actor in people.values():
            await set_password(actor, actor.person, PASSWORD)
        item = await world.an_item(company, tax_rate=Decimal(19))
        facts = {"supplier_id": supplier.id, "unit_price": Decimal("0.0731")}
        price = await set_price(company.supplier_manager, item=item, **facts)
        people["strict"] = await _somebody_of_a_strict_company()
        told: dict[str, Any] = {
            "people": {role: actor.email for role, actor in people.items()},
            "supplier": supplier.name,
            "item": item.number,
            "paths": await _paths(company, supplier)
            | await _unsent(company, supplier)
            | await _mailed(company)
            | await _imports(company)
            | {
                "item": f"/items/{item.id}",
                "price": f"/items/{item.id}/prices/{price.id}",
                "supplier": f"/suppliers/{supplier.id}",
            },
            "ids": {"item_id": str(item.id), "supplier_id": str(supplier.id), "person_id": str(company.buyer.person_id)}
            | {name: str(each) for name, each in (await brought_files(company.supplier_manager, "Sample")).items()}
            | await _ids(company, supplier, item.id)
            | {name: str(each) for name, each in (await audited(company)).items()},
        }
        told["ids"] |= await _guarded(company, supplier)
        more = await overseen(company, supplier) | await scores_of(company, supplier, second)
        told["ids"] |= {name: str(each) for name, each in more.items()}
        return told
    finally:
        await database.disconnect()


async def _guarded(company: world.Organised, supplier: world.Organised) -> dict[str, str]:
    """What takes two people, and what somebody has to look at."""
    proposed = await proposed_tolerances(company, {"receive": {"percent": "5"}})
    told = await account_offered(company, supplier) | await alert_raised(company, supplier)
    return {name: str(each) for name, each in (told | {"setting_id": proposed.id}).items()}


async def _paths(company: world.Organised, supplier: world.Organised) -> dict[str, str]:
    noted = {"note": "Ring twice.\nGate 4.", "internal_note": "Budget 7", "cost_centre": "CC-100"}
    draft = await world.draft_order(company, supplier, *LINES, **noted)
    issued = await world.issued_order(company, supplier, *LINES, **noted)
    accepted = await world.accepted_order(company, supplier, *LINES)
    await commands.hold(company.buyer, accepted.id, "The certificate is missing.")
    offered = await world.issued_order(company, supplier, *LINES)
    changes = (
        {"line": 1, "code": "3", "quantity": "600"},
        {"line": 1, "code": "3", "quantity": "500", "promised_date": "2030-06-01", "reason": "Longer lead time"},
        {"line": 2, "code": "7", "reason": "Discontinued"},
        {"line": 3, "code": "3", "unit_price": "13.10"},
    )
    await commands.respond(supplier.order_desk, offered.id, world.answer("CA", *changes, reason="As much as we can"))
    orders = {"draft": draft, "issued": issued, "held": accepted, "offered": offered}
    return {name: f"/orders/{order.id}" for name, order in orders.items()} | await _changes(company, supplier)


async def _unsent(company: world.Organised, supplier: world.Organised) -> dict[str, str]:
    """What is still being written or on its way, what was stated, and an entry of the log."""
    order = await world.accepted_order(company, supplier, *LINES)
    advice = await drafted_advice(company, supplier, order, "5")
    await received_goods(company, order, "5")
    invoice = await draft_invoice(supplier, order)
    coming = await despatched_goods(company, supplier, await world.accepted_order(company, supplier, *LINES), "7")
    statement = await sent_statement(company, supplier)
    template = await kept_template(company, supplier, "Monthly packaging of the press shop", shared=True)
    services = await service_order(company, supplier, *SERVICES)
    draft = await drafted_entry(company, supplier, services, "2", "300")
    unsent = await draft_contract(company, supplier, title="Packaging of the press shop, 2027")
    async with viewing(company.auditor) as view:
        entry = await view.value("select id from audit_entry where subject_id = $1 order by id limit 1", order.id)
    return {
        "unsent_advice": f"/despatch-advices/{advice.id}",
        "coming": f"/despatch-advices/{coming.id}",
        "billable": f"/orders/{order.id}",
        "unsent_invoice": f"/invoices/{invoice.id}",
        "template": f"/order-templates/{template.id}",
        "performed": f"/orders/{services.id}",
        "unsent_contract": f"/contracts/{unsent.id}",
        "unsent_services": f"/service-entries/{draft.id}",
        **await _credited(company, supplier),
        "statement": f"/statements/{statement.id}",
        "entry": f"/audit/{entry}",
    }


async def _changes(company: world.Organised, supplier: world.Organised) -> dict[str, str]:
    """An order with two revisions that its supplier wants to change again, and one whose change waits for approval."""
    order = await world.issued_order(company, supplier, *LINES, note="Ring twice.")
    fewer = changed(to(1, quantity="450"), without(2), note="Ring at gate 4.", reason="The site opens later.")
    await commands.propose(company.buyer, order.id, fewer)
    await commands.respond(supplier.order_desk, order.id, world.answer("AP"))
    later = changed(to(1, promised_date="2030-06-01", reason="Longer lead time"), reason="Our furnace is down.")
    offered = await commands.propose(supplier.order_desk, order.id, later)
    dearer = await world.accepted_order(company, supplier, *LINES)
    more = changed(
        to(1, quantity="900"), added(world.line(description="Spring washer M8")), reason="A second building."
    )
    waiting = await commands.propose(company.buyer, dearer.id, more)
    return {
        "revised": f"/orders/{order.id}",
        "offered_change": f"/order-changes/{offered.asked.id}",
        "dearer": f"/orders/{dearer.id}",
        "dearer_change": f"/order-changes/{waiting.asked.id}",
    }


async def _mailed(company: world.Organised) -> dict[str, str]:
    """Where links of mails lead: to a new password, and to an invitation."""
    lost = (await world.a_colleague(company, "auditor")).person
    links = {"password": lost, "invitation": (await an_invitation(company)).id}
    tokens = {}
    for purpose, subject in links.items():
        link_id = new_id()
        async with changing(Actor.system(company.id)) as change:
            await make_link(change, link_id, purpose, subject)
        tokens[purpose] = vault.tokens(purpose, link_id)[0]
    return {"reset": f"/reset-password/{tokens['password']}", "invitation": f"/invitations/{tokens['invitation']}"}


async def _somebody_of_a_strict_company() -> Actor:
    """Their company asks everybody for a second factor, and to accept its terms."""
    strict = await world.buying_company()
    await set_password(strict.buyer, strict.buyer.person, PASSWORD)
    await set_security(proved(strict.administrator), convert(SecurityForm, {"second_factor": "everybody"}))
    terms = {"kind": "terms", "text_en": "Be fair.\n\nPay on time.", "text_zh": "公平行事。\n\n按时付款。"}
    await publish_text(strict.administrator, convert(LegalForm, terms))
    return strict.buyer


async def _credited(company: world.Organised, supplier: world.Organised) -> dict[str, str]:
    """An invoice with allowances and charges, of which some is credited, and what terms and rates are made of."""
    await offered_terms(company, name="30 days after goods, 2 % in 14", base="goods_receipt", days=30, steps=STEPS)
    await a_rate(company.payable)
    order = await world.accepted_order(company, supplier, *LINES)
    await received_goods(company, order, "1200", "25.5", "10")
    freight = {"description": "Freight", "amount": "45.00", "tax_category": "S", "tax_rate": "19"}
    bonus = {"description": "Bonus of the year", "percent": "2.5", "tax_category": "S", "tax_rate": "19"}
    invoice = await submitted_invoice(supplier, order, charges=[freight], allowances=[bonus])
    first, second, _third = await billed_lines(supplier.billing, invoice.id)
    note = await sent_credit(supplier, invoice, "goods", returned(first, "200"), reason="Returned: thread damaged.")
    unsent = await drafted_credit(supplier, invoice, "price", corrected(second, "12.00"))
    return {
        "credited_invoice": f"/invoices/{invoice.id}",
        "credit_note": f"/credit-notes/{note.id}",
        "unsent_credit": f"/credit-notes/{unsent.id}",
    }


async def _imports(company: world.Organised) -> dict[str, str]:
    """What came of files: one with errors, one without the rows that have some."""
    wrong = "1;Pumpen Nord;DE\n2;;Germany\n3;Ventile Süd;XX\n"
    ended = {
        "refused_import": await ended_import(company.supplier_manager, "Lieferanten", wrong),
        "done_import": await ended_import(company.supplier_manager, "Lieferanten 2026", wrong, leave_out=True),
    }
    return {name: f"/imports/{import_id}" for name, import_id in ended.items()}


async def _ids(company: world.Organised, supplier: world.Organised, item_id: UUID) -> dict[str, str]:
    """A record of every kind, by the names that paths give them."""
    order = await world.accepted_order(company, supplier, *LINES)
    offered = await world.issued_order(company, supplier, *LINES)
    change = {"line": 1, "code": "3", "quantity": "600"}
    answer = await commands.respond(supplier.order_desk, offered.id, world.answer("CA", change))
    advice = await despatched_goods(company, supplier, order, "6")
    receipt = await received_goods(company, order, "6", advice=advice)
    invoice = await submitted_invoice(supplier, order)
    services = await service_order(company, supplier, *SERVICES)
    await accepted_services(company, supplier, services, "4")
    entry = await submitted_entry(company, supplier, services, "3.5", "1250.40", reference="TS-17", note="Two visits")
    for price in ("0.0698", "0.0731", "0.0825"):
        bolts = world.line(item_id=str(item_id), unit_price=price, quantity="1200")
        await received_goods(company, await world.accepted_order(company, supplier, bolts), "1200")
    records = {"order": order, "response": answer.response, "advice": advice, "receipt": receipt, "invoice": invoice}
    records |= {"service_entry": entry, "batch": await asked_batch(company)}
    records["contract"] = await recorded_contract(company, supplier, note="Delivered free works.\nPallets go back.")
    renegotiated = await renegotiated_contract(company, supplier)
    clauses = [await a_clause(company, title) for title in ("Delivery", "Retention of title")]
    chosen = [
        *({"clause_id": str(each.clause_id)} for each in clauses),
        {"title": "Packaging", "body": "Pallets go back."},
    ]
    again = renegotiated.id, convert(ClausesForm, {"clauses": chosen})
    records["renegotiated_contract"] = await set_clauses(company.buyer, *again)
    records["approved_contract"] = await approved_contract(company, supplier)
    records["presented_contract"] = await presented_contract(company, supplier)
    records["signing"] = await half_signed(company, supplier)
    records["active_contract"], records["departing_order"], line_id = await departing_order(company, supplier)
    records["owing_contract"] = await owing_contract(company, supplier)
    owed = await a_deliverable(company, records["owing_contract"])
    records["amendment"] = await amended_draft(company, supplier, renewal_months=12, late_rate="0.5", retention="5")
    told = {"departing_line_id": str(line_id), "clause_id": str(clauses[0].clause_id)}
    told["debit_note_id"] = str(await accepted_debit(company, supplier))
    told["proposed_debit_id"] = str(await proposed_debit(company, supplier))
    told["deliverable_id"] = str(owed)
    told["amended_contract_id"] = str(records["amendment"].amends_id)
    return {f"{name}_id": str(record.id) for name, record in records.items()} | told


def main() -> None:
    wire()
    told = asyncio.run(furnish())
    listener = listen("127.0.0.1", 0)
    print(json.dumps({"url": address(listener), "password": PASSWORD} | told), flush=True)
    serve(create_app(), listener)


if __name__ == "__main__":
    main()
