"""What is ordered under contracts, why a line costs what it does, and what contracts print."""

from decimal import Decimal
from typing import Any

import pymupdf

from portal.contracts.tables import Contract
from portal.signatures import commands as signatures
from portal.signatures.tables import Signing
from tests.harness.banks import proved
from tests.harness.contracts import CONTRACTS, active_contract, terms_of
from tests.harness.jobs import run_jobs
from tests.harness.world import Organised, an_item, line, trading_pair

ORDERS = "/api/v1/purchase-orders"
ROOMY = {"unit_price": "1", "quantity": "100"}
RENDER = "documents.render"


async def contracted(*terms: dict[str, str], **changes: Any) -> tuple[Organised, Organised, Contract, Any]:
    """A contract for 100 of an item at 1.00, and how lines of it are ordered."""
    company, supplier = await trading_pair()
    item = await an_item(company, tax_rate=Decimal(19))
    contract = await active_contract(company, supplier, terms=terms_of(item, *(terms or (ROOMY,))), **changes)
    return company, supplier, contract, item


def of(item: Any, quantity: int, **more: Any) -> dict[str, Any]:
    """A line of an item, which takes its price from the contract."""
    said = line(item_id=str(item.id), quantity=str(quantity))
    return {name: value for name, value in said.items() if name != "unit_price"} | more


async def left_of(client_of: Any, company: Organised, contract: Contract) -> tuple[str, str]:
    """(called off, left) of the contract's one item."""
    shown = (await (await client_of(company.buyer)).get(f"{CONTRACTS}/{contract.id}")).json()
    return shown["terms"][0]["called_off"], shown["terms"][0]["left"]


async def explained(client: Any, order: Any, number: int = 1) -> Any:
    """Why the line of an order costs what it does."""
    at = f"{ORDERS}/{order['id']}/lines/{order['lines'][number - 1]['id']}/explain-price"
    answer = await client.get(at)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def both_sign(company: Organised, supplier: Organised, contract: Contract) -> Signing:
    """Each side with its second factor; the contract was laid before both."""
    assert contract.signing_id is not None
    await signatures.sign(proved(company.buyer), contract.signing_id)
    return await signatures.sign(proved(supplier.order_desk), contract.signing_id)


async def paper_of(client: Any, contract: Contract) -> bytes:
    """The contract's PDF, made if it was not yet."""
    at = f"{CONTRACTS}/{contract.id}/document.pdf"
    asked = await client.get(at)
    assert asked.status_code in (200, 202), asked.text
    await run_jobs(RENDER)
    return (await client.get(at)).content


def text_of(pdf: bytes) -> str:
    """All words of a PDF, however they are broken into lines."""
    with pymupdf.open(stream=pdf) as opened:
        return " ".join(" ".join(str(page.get_text()) for page in opened).split())
