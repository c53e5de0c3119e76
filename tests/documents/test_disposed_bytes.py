"""The bytes of disposed documents go although the process that disposed of them dies before it deleted them."""

from typing import Any

import pytest

from portal.documents import disposing, pressroom
from portal.documents.store import load
from portal.platform.actor import Actor
from portal.platform.jobs import run
from portal.platform.refusals import Away
from tests.audit.test_keeping import kept_document, much_later
from tests.harness.jobs import waiting_jobs
from tests.harness.world import trading_pair


@pytest.fixture(scope="module", autouse=True)
def presses():
    yield
    pressroom.close()


class Killed(BaseException):
    """Nothing that the portal catches."""


async def of(company: Any) -> list[dict[str, Any]]:
    return [each for each in await waiting_jobs(disposing.FORGET) if each["organisation_id"] == str(company.id)]


@pytest.mark.parametrize("failing", [Killed, Away])
async def test_what_an_accident_leaves_behind_a_job_destroys_that_came_with_the_certificate(
    superuser, clock, monkeypatch, failing
):
    company, supplier = await trading_pair()
    order, digest = await kept_document(company, supplier, superuser)
    await much_later(clock)

    async def fails(_digest: str) -> None:
        raise failing

    with monkeypatch.context() as once:
        once.setattr(disposing, "remove", fails)
        if failing is Killed:
            with pytest.raises(Killed):
                await disposing.dispose(Actor.system(company.id), really=True)
        else:
            done = await disposing.dispose(Actor.system(company.id), really=True)
            assert done.number.startswith("DC-")
    certified = "select count(*) from disposal_item where organisation_id = %s and number = %s"
    assert superuser.execute(certified, [company.id, order.number]).fetchone() == (1,)
    assert await load(digest)

    [waiting] = await of(company)
    await run(disposing.FORGET, **waiting)
    with pytest.raises(FileNotFoundError):
        await load(digest)
    await run(disposing.FORGET, **waiting)  # delivery is at least once


async def test_bytes_that_a_document_names_too_stay(superuser, clock):
    company, supplier = await trading_pair()
    _order, digest = await kept_document(company, supplier, superuser)
    await much_later(clock)
    later, _theirs = await kept_document(company, supplier, superuser)
    superuser.execute("alter table document disable trigger user")
    superuser.execute("update document set sha256 = %s where record_id = %s", [digest, later.id])
    superuser.execute("alter table document enable trigger user")
    assert len((await disposing.dispose(Actor.system(company.id), really=True)).due) == 1
    [waiting] = await of(company)
    await run(disposing.FORGET, **waiting)
    assert await load(digest)
