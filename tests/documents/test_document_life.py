"""A document's life, in the code and in the database: what is ready never changes again."""

from types import SimpleNamespace
from uuid import UUID

import psycopg
import pytest

from portal.documents import commands, sheets
from portal.documents.rules import MOST_ATTEMPTS, identity
from portal.documents.states import DOCUMENT
from portal.platform.refusals import Conflict
from portal.platform.wiring import DOCUMENTS
from tests.documents.samples import full_disk
from tests.harness.jobs import run_jobs, waiting_jobs
from tests.harness.world import accepted_order, answer, issued_order, line, trading_pair

pytestmark = pytest.mark.usefixtures("connected")
CASES = [(row.verb, state) for row in DOCUMENT for state in DOCUMENT.names]


@pytest.mark.parametrize(("verb", "state"), CASES)
def test_a_verb_is_taken_in_its_states_and_refused_in_all_others(verb, state):
    row = SimpleNamespace(id=None, state=state)
    everybody = SimpleNamespace(require=lambda permission, about: None)
    transition = next(each for each in DOCUMENT if each.verb == verb)
    if state in transition.sources:
        DOCUMENT.take(verb, row, everybody)
        assert row.state == transition.target
    else:
        with pytest.raises(Conflict):
            DOCUMENT.take(verb, row, everybody)


def test_the_database_knows_the_same_transitions(superuser):
    told = superuser.execute(
        "select encode(tgargs, 'escape') from pg_trigger "
        "where tgname = 'legal_state' and tgrelid = 'document'::regclass"
    ).fetchone()
    assert {tuple(pair.split(">")) for pair in told[0].split("\\000") if pair} == DOCUMENT.pairs()


@pytest.mark.parametrize(
    "change", ["sha256 = repeat('0', 64)", "state = 'pending', sha256 = null, size = null, ready_at = null", "size = 1"]
)
async def test_the_database_refuses_to_change_what_is_ready(superuser, change):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    document = await commands.request(company.buyer, "purchase-order", order.id)
    await run_jobs("documents.render")
    with pytest.raises(psycopg.errors.CheckViolation):
        superuser.execute(f"update document set {change} where id = %s".encode(), [document.id])


async def test_making_it_twice_keeps_one_file_and_says_so_once(superuser):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    document = await commands.request(company.buyer, "purchase-order", order.id)
    for _time in range(2):
        await commands.render(company.buyer.system(company.id), document.id)
    told = superuser.execute(
        "select count(*) from audit_entry where subject_id = %s and event = 'document.ready'", [document.id]
    ).fetchone()
    assert told == (1,)


async def test_a_new_revision_is_a_new_document_and_the_same_revision_is_the_same_one():
    company, supplier = await trading_pair(tolerances={"confirm_price": {"percent": "10"}})
    order = await issued_order(company, supplier, line(unit_price="10.00"))
    first = await commands.request(company.buyer, "purchase-order", order.id)
    assert (await commands.request(supplier.order_desk, "purchase-order", order.id)).id == first.id

    from portal.orders import commands as orders

    await orders.respond(supplier.order_desk, order.id, answer("CA", {"line": 1, "code": "3", "unit_price": "10.50"}))
    second = await commands.request(company.buyer, "purchase-order", order.id)
    assert (second.revision, second.id == first.id) == (2, False)


async def test_what_is_ready_stays_the_one_when_templates_change(monkeypatch):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    document = await commands.request(company.buyer, "purchase-order", order.id)
    await run_jobs("documents.render")
    monkeypatch.setattr("portal.documents.queries.version_of", lambda _template: "of the next release")
    assert (await commands.request(company.buyer, "purchase-order", order.id)).id == document.id


@pytest.mark.parametrize(
    ("kind", "language"),
    [
        *((kind, "zh-Hans") for kind in ("purchase-order", "debit-note", "statement", "scorecard")),
        *((kind, "en") for kind in ("despatch-advice", "service-entry", "invoice", "credit-note")),
    ],
)
def test_every_kind_is_written_in_the_language_of_who_gets_it(kind, language):
    parties = {"buyer": {"language": "en"}, "supplier": {"language": "zh-Hans"}}
    assert identity(kind, UUID(int=1), {"header": {"number": "1"}} | parties).language == language
    assert kind in DOCUMENTS


async def test_a_document_speaks_the_language_of_its_recipient():
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    document = await commands.request(company.buyer, "purchase-order", order.id)
    assert document.language == "en"


async def test_a_document_for_which_there_is_no_room_is_refused_clearly_and_made_as_soon_as_there_is(
    client_of, superuser
):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    document = await commands.request(company.buyer, "purchase-order", order.id)
    with full_disk():
        for _time in range(MOST_ATTEMPTS + 1):
            await commands.render(company.buyer.system(company.id), document.id)
    client, path = await client_of(company.buyer), f"/api/v1/purchase-orders/{order.id}/document.pdf"
    told = await client.get(path)
    assert (told.status_code, "disk is full" in told.text) == (507, True)
    state = superuser.execute("select state, attempts from document where id = %s", [document.id]).fetchone()
    assert state == ("pending", 0)

    superuser.execute("delete from dramatiq.queue")
    await commands.look_after_remaining(company.buyer.system(company.id))
    assert await waiting_jobs("documents.render") == []
    ago = "update document set requested_at = requested_at - interval '11 minutes' where id = %s"
    superuser.execute(ago, [document.id])
    for _time in range(2):
        await commands.look_after_remaining(company.buyer.system(company.id))
    assert len(await waiting_jobs("documents.render")) == 1
    await run_jobs("documents.render")
    assert (await client.get(path)).content.startswith(b"%PDF")


def test_what_a_template_takes_from_others_belongs_to_its_version():
    made = sheets.made_of("documents/contract.html")
    assert {"documents/sheet.html", "documents/parts.html", "documents/performed.html", "contracts/late.html"} < {*made}
