"""A contract of the demo from its clauses to its signatures, all in the portal; it goes on until somebody says no."""

from typing import Any
from uuid import UUID

from portal.clauses import commands as library
from portal.clauses.forms import ClauseForm
from portal.contracts import commands
from portal.contracts.forms import ClausesForm, CommentForm, ContractForm, PerformanceForm, PresentForm
from portal.contracts.queries import contract_out
from portal.demo.contracts import day, desk, proved
from portal.demo.scene import form
from portal.demo.stage import Stage
from portal.platform.work import viewing
from portal.signatures import commands as signatures

SUPPLIER = "Brightbolt Fasteners"
AGREED = {
    "title": "Fasteners on call",
    "kind": "value",
    "currency": "EUR",
    "value_cap": "60000",
    "allowance": "10",
    "notice_days": 60,
    "renewal_months": 12,
    "late_rate": "0.5",
    "late_grace": 2,
    "late_cap": "5",
    "payment_terms": "30 days net",
}
# Service levels, and what is owed beside goods, by how many days after the contract's first.
LEVELS = (
    {"measure": "on_time_requested", "least": "95", "remedy": "A plan of corrective action within two weeks"},
    {"measure": "quality", "least": "99.5"},
)
OWED = (
    ("Test report of the first batch", "Tensile strength and coating, by batch.", 20),
    ("Training of the incoming inspection", "", 60),
    ("Yearly review of the range", "What is ordered seldom, and what could replace it.", 300),
)
CLAUSES = (
    ("Delivery", "{supplier} delivers each call-off free works of {buyer}, packed and marked by order and line."),
    (
        "Late delivery",
        "What a delay costs is said above. {buyer} claims it within three months, and no further damages for it.",
    ),
    ("Confidentiality", "What {buyer} and {supplier} learn of each other under contract {number} stays between them."),
)
SAID = (
    ("their", "Could a call-off of less than a pallet take a day longer?"),
    ("own", "Yes: two free days are in the terms now, for every call-off."),
    ("their", "Then we agree."),
)
BEGAN = 40  # days ago


async def agree_here(stage: Stage) -> UUID:
    """Written, talked about, agreed to, approved, and signed by both with their second factor; gives its id."""
    buyer, supplier = stage.people["buyer@demo.test"], desk(stage, SUPPLIER)
    stage.at(BEGAN)
    supplier_id = str(stage.organisations[SUPPLIER])
    valid = {"valid_from": day(stage, -BEGAN), "valid_to": day(stage, 365 - BEGAN)}
    contract = await commands.create(buyer, form(ContractForm, supplier_id=supplier_id, **AGREED, **valid))
    await commands.set_clauses(buyer, contract.id, await _chosen(buyer))
    await commands.set_performance(buyer, contract.id, _performed(stage))
    await commands.offer(buyer, contract.id)
    for side, said in SAID:
        who = buyer if side == "own" else supplier
        await commands.comment_on(who, contract.id, form(CommentForm, comment=said))
    await commands.agree(supplier, contract.id)
    await commands.approve(stage.people["head-of-purchasing@demo.test"], contract.id)
    await _sign(stage, contract.id)
    await _report(stage, contract.id)
    return contract.id


def _performed(stage: Stage) -> PerformanceForm:
    owed = [{"title": title, "detail": detail, "due_on": day(stage, after - BEGAN)} for title, detail, after in OWED]
    return form(PerformanceForm, levels=list(LEVELS), deliverables=owed)


async def _report(stage: Stage, contract_id: UUID) -> None:
    """The first deliverable is accepted, the second one waits for the customer."""
    buyer, supplier = stage.people["buyer@demo.test"], desk(stage, SUPPLIER)
    async with viewing(buyer) as view:
        first, second, _later = (await contract_out(view, contract_id)).deliverables
    stage.at(BEGAN - 19)
    await commands.deliver(supplier, first.id, "Sent with the first delivery, as pages 2 to 9 of its certificate.")
    stage.at(BEGAN - 21)
    await commands.accept(buyer, first.id)
    stage.at(1)
    await commands.deliver(supplier, second.id, "Held on site for six people; the slides are attached to our mail.")


async def _chosen(buyer: Any) -> ClausesForm:
    editions = [await library.write(buyer, form(ClauseForm, title=title, body=body)) for title, body in CLAUSES]
    return form(ClausesForm, clauses=[{"clause_id": str(each.clause_id)} for each in editions])


async def _sign(stage: Stage, contract_id: UUID) -> None:
    stage.at(BEGAN - 1)
    presented = await commands.present(stage.people["buyer@demo.test"], contract_id, PresentForm(first="supplier"))
    assert presented.signing_id is not None
    await signatures.sign(proved(desk(stage, SUPPLIER)), presented.signing_id)
    await signatures.sign(proved(stage.people["head-of-purchasing@demo.test"]), presented.signing_id)
