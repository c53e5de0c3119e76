"""What was agreed on for longer than one order: contracts on their way, and documents that both sides sign."""

import tempfile
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import msgspec
from weasyprint import HTML  # pyright: ignore[reportMissingTypeStubs]

from portal.contracts import commands
from portal.contracts.forms import ContractForm, SignedForm
from portal.contracts.tables import Contract
from portal.demo.cast import SUPPLIERS
from portal.demo.scene import form
from portal.demo.stage import Stage
from portal.evidence import commands as evidence
from portal.platform.actor import Actor
from portal.signatures import commands as signatures
from portal.signatures.forms import NewSigning

# Supplier, what is agreed on, from and until which day counted from today, and how far it came.
CONTRACTS: tuple[tuple[str, dict[str, Any], tuple[int, int], str], ...] = (
    (
        "Hawthorn Maintenance",
        {"title": "Repairs on call", "kind": "value", "value_cap": "25000", "allowance": "10", "notice_days": 60},
        (-58, 307),
        "signed",
    ),
    (
        "Tarnwick Metals",
        {"title": "Sheet metal of the next half-year", "kind": "quantity", "allowance": "5"},
        (14, 196),
        "agreed",
    ),
    (
        "Quillon Bearings",
        {
            "title": "Bearings of the next year",
            "kind": "quantity",
            "note": "Delivered ten days after each call-off.",
        },
        (30, 395),
        "offered",
    ),
)
TERMS: dict[str, list[tuple[str, dict[str, str]]]] = {
    "Tarnwick Metals": [("ME-3001", {"unit_price": "121.00", "base_quantity": "100", "quantity": "24000"})],
    "Quillon Bearings": [
        ("BE-6204", {"unit_price": "3.98", "quantity": "3000"}),
        ("BE-6204", {"unit_price": "3.79", "minimum_quantity": "500"}),
        ("BE-6308", {"unit_price": "14.10", "quantity": "600"}),
    ],
}
SIGNED = {"signed_for_buyer": "Hollis Brandt, head of purchasing", "signed_for_supplier": "The managing director"}
PAPERS = (
    ("Quillon Bearings", "Code of conduct for suppliers", "both"),
    ("Brightbolt Fasteners", "Non-disclosure agreement", "buyer"),
)
CLAUSES = (
    "What one of us learns of the other’s products, prices and people stays between us.",
    "It is used for our common business only, and given to nobody else without a written yes.",
    "This holds for five years after the last order.",
)


async def agree_for_longer(stage: Stage) -> None:
    """One contract is in force, one waits for its approver, one for the supplier's answer."""
    for name, said, (begins, ends), reached in CONTRACTS:
        stage.at(62 if reached == "signed" else 4)
        contract = await _offered(stage, name, said, begins, ends)
        if reached == "offered":
            continue
        await commands.agree(desk(stage, name), contract.id)
        if reached == "signed":
            await _sign_on_paper(stage, name, contract)


async def sign_papers(stage: Stage) -> None:
    """One document that both signed, one that waits for the supplier."""
    for name, title, signed_by in PAPERS:
        stage.at(9 if signed_by == "both" else 2)
        told = form(NewSigning, title=title, supplier_id=str(stage.organisations[name]), first="buyer")
        file_name = f"{title}.pdf"
        signing = await signatures.open_signing(stage.people["buyer@demo.test"], told, file_name, _pdf(title))
        await signatures.sign(proved(stage.people["head-of-purchasing@demo.test"]), signing.id)
        if signed_by == "both":
            stage.at(8)
            await signatures.sign(proved(desk(stage, name)), signing.id)


async def _offered(stage: Stage, name: str, said: dict[str, Any], begins: int, ends: int) -> Contract:
    buyer = stage.people["buyer@demo.test"]
    valid = {"valid_from": day(stage, begins), "valid_to": day(stage, ends)}
    terms = [{"item_id": str(stage.items[number].id), **price} for number, price in TERMS.get(name, ())]
    parties = {"supplier_id": str(stage.organisations[name]), "currency": "EUR"}
    contract = await commands.create(buyer, form(ContractForm, terms=terms, **parties, **valid, **said))
    return await commands.offer(buyer, contract.id)


async def _sign_on_paper(stage: Stage, name: str, contract: Contract) -> None:
    """Approved, printed, signed by hand, and the scan of it recorded by a second person."""
    stage.at(60)
    buyer = stage.people["buyer@demo.test"]
    await commands.approve(stage.people["head-of-purchasing@demo.test"], contract.id)
    await commands.sign(buyer, contract.id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.pdf"
        path.write_bytes(_pdf(contract.title))
        arrived = [evidence.Arrived(path, "Signed contract.pdf", "application/pdf")]
        [scan] = await evidence.attach(buyer, "contract", contract.id, arrived, internal=False, note="Signed by both")
    await evidence.check(Actor.system(buyer.organisation_id), scan.id)
    stage.at(58)
    told = form(SignedForm, signed_on=day(stage, -59), file_id=str(scan.id), **SIGNED)
    await commands.record(stage.people["approver@demo.test"], contract.id, told)
    await commands.acknowledge(desk(stage, name), contract.id)


def desk(stage: Stage, name: str) -> Actor:
    """Who takes the orders of a supplier, by its name."""
    return stage.people[next(firm.members[0].email for firm in SUPPLIERS if firm.name == name)]


def day(stage: Stage, days: int) -> str:
    """The day so many days from today, as forms say it."""
    return (stage.now + timedelta(days=days)).date().isoformat()


def proved(actor: Actor) -> Actor:
    """The story tells of people who have just proved a second factor."""
    return msgspec.structs.replace(actor, session=b"the story", proved_at=datetime.now(UTC))


def _pdf(title: str) -> bytes:
    clauses = "".join(f"<li>{escape(clause)}</li>" for clause in CLAUSES)
    made: Any = HTML(string=f"<html lang=en><title>{escape(title)}</title><h1>{escape(title)}</h1><ol>{clauses}</ol>")
    return made.write_pdf()
