"""A real worker sets documents aside from its other jobs."""

from portal.documents import commands
from portal.documents.store import load
from tests.harness.parts import add, eventually
from tests.harness.world import buying_company, issued_order, line, trading_pair


async def test_a_long_document_does_not_hold_up_other_jobs(start, effects, job_follows, superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, *[line() for _number in range(300)])
    document = await commands.request(company.buyer, "purchase-order", order.id)
    job_follows("tests.note", "short")
    await add(await buying_company(), "1")

    def state() -> str:
        return superuser.execute("select state from document where id = %s", [document.id]).fetchone()[0]

    start("worker")
    eventually(lambda: "short" in effects())
    assert state() == "pending"
    eventually(lambda: state() == "ready", within=60)
    digest = superuser.execute("select sha256 from document where id = %s", [document.id]).fetchone()[0]
    assert (await load(digest)).startswith(b"%PDF")
