"""A contract of the demo from its clauses to its signatures, all in the portal; it goes on until somebody says no."""

from typing import Any
from uuid import UUID

from portal.clauses import commands as library
from portal.clauses.forms import ClauseForm
from portal.contracts import commands
from portal.contracts.forms import ClausesForm, CommentForm, ContractForm, PresentForm
from portal.demo.contracts import day, desk, proved
from portal.demo.scene import form
from portal.demo.stage import Stage
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


async def agree_here(stage: Stage) -> None:
    """Written, talked about, agreed to, approved, and signed by both with their second factor."""
    buyer, supplier = stage.people["buyer@demo.test"], desk(stage, SUPPLIER)
    stage.at(BEGAN)
    supplier_id = str(stage.organisations[SUPPLIER])
    valid = {"valid_from": day(stage, -BEGAN), "valid_to": day(stage, 365 - BEGAN)}
    contract = await commands.create(buyer, form(ContractForm, supplier_id=supplier_id, **AGREED, **valid))
    await commands.set_clauses(buyer, contract.id, await _chosen(buyer))
    await commands.offer(buyer, contract.id)
    for side, said in SAID:
        who = buyer if side == "own" else supplier
        await commands.comment_on(who, contract.id, form(CommentForm, comment=said))
    await commands.agree(supplier, contract.id)
    await commands.approve(stage.people["head-of-purchasing@demo.test"], contract.id)
    await _sign(stage, contract.id)


async def _chosen(buyer: Any) -> ClausesForm:
    editions = [await library.write(buyer, form(ClauseForm, title=title, body=body)) for title, body in CLAUSES]
    return form(ClausesForm, clauses=[{"clause_id": str(each.clause_id)} for each in editions])


async def _sign(stage: Stage, contract_id: UUID) -> None:
    stage.at(BEGAN - 1)
    presented = await commands.present(stage.people["buyer@demo.test"], contract_id, PresentForm(first="supplier"))
    assert presented.signing_id is not None
    await signatures.sign(proved(desk(stage, SUPPLIER)), presented.signing_id)
    await signatures.sign(proved(stage.people["head-of-purchasing@demo.test"]), presented.signing_id)
