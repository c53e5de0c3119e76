"""A worker is killed in the middle of a batch; the next one goes on where it was."""

import io
import zipfile

from portal.documents.store import stream
from portal.operations.batches import commands, queries
from portal.platform.work import viewing
from tests.harness.batches import asked_batch, sent_invoices
from tests.harness.parts import eventually
from tests.harness.world import trading_pair

NUMBERS = [f"R-{number:02}" for number in range(1, 16)]
_DONE = "select position, done_at from batch_document where batch_id = %s and done_at is not null order by position"


async def test_after_kill_9_nothing_that_was_done_is_made_again_and_the_zip_is_whole(start, superuser):
    company, supplier = await trading_pair()
    await sent_invoices(company, supplier, *NUMBERS)
    batch = await asked_batch(company)

    def done() -> list[tuple]:
        return superuser.execute(_DONE, [batch.id]).fetchall()

    worker = start("worker")
    eventually(lambda: len(done()) >= 4)
    worker.kill()
    before = done()
    assert 4 <= len(before) < len(NUMBERS), "it was killed in the middle"
    made = "select count(*) from audit_entry where event = 'document.ready' and shown_to = %s"
    ready = superuser.execute(made, [company.id]).fetchone()

    start("worker")
    shown = "select state, sha256 from batch where id = %s"
    eventually(lambda: superuser.execute(shown, [batch.id]).fetchone()[0] == "ready", within=120)
    assert done()[: len(before)] == before, "what was done stayed as it was"
    assert superuser.execute(made, [company.id]).fetchone() == (len(NUMBERS),), "each was made once"
    assert ready[0] - len(before) in (0, 1), "one may have been made and not noted yet"

    async with viewing(company.payable) as view:
        told = await queries.batch(view, batch.id)
    data = b"".join([piece async for piece in await stream(str(told.sha256), commands.shelf(company.id))])
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None
        pdfs = {name: found.read(name) for name in found.namelist() if name.endswith(".pdf")}
        assert sum(name.endswith(".xml") for name in found.namelist()) == len(NUMBERS)
    assert sorted(pdfs) == [f"{supplier.name}/{number}.pdf" for number in NUMBERS]
    assert all(data.startswith(b"%PDF") for data in pdfs.values())
    assert (told.done, told.lacking) == (len(NUMBERS), 0)
