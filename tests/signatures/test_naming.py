"""Each side names who signs for it, and who opened a signing says until when: nobody else signs, and nobody later."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.messaging import commands as mails
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.refusals import Conflict, Denied, Invalid, NotFound
from portal.platform.work import changing, viewing
from portal.signatures import commands, queries
from portal.signatures.forms import DayForm
from portal.web import formats
from tests.harness.banks import proved
from tests.harness.jobs import run_jobs
from tests.harness.signings import opened_signing, places_of
from tests.harness.world import a_colleague, trading_pair

MAILS = (mails.NOTIFY, mails.SEND)


async def waiting_for(actor: Any) -> list[Any]:
    async with viewing(actor) as view:
        return [row.id for row in (await queries.to_sign(view))[1]]


@contextmanager
def refused(why: str) -> Iterator[None]:
    with pytest.raises(Invalid) as refusal:
        yield
    (error,) = refusal.value.errors
    assert why in str(error.message)


def day(text: str) -> DayForm:
    return convert(DayForm, {"sign_until": text})


async def test_only_who_is_named_signs_that_place_and_is_told_of_it(inbox):
    company, supplier = await trading_pair()
    approver = company.approver
    signing = await opened_signing(company, supplier, own_people=[str(approver.person_id)])
    await run_jobs(*MAILS)
    assert [mail["Subject"] for mail in inbox.of(approver)] == [
        f"You are named to sign a document with {supplier.name}"
    ]
    assert f"/signings/{signing.id}" in inbox.of(approver)[0].get_body(("plain",)).get_content()
    assert inbox.of(supplier.order_desk) == []

    with pytest.raises(Conflict, match="named somebody else"):
        await commands.sign(proved(company.buyer), signing.id)
    assert (await waiting_for(company.buyer), await waiting_for(approver)) == ([], [signing.id])
    assert (await commands.sign(proved(approver), signing.id)).signed == 1
    assert (await commands.sign(proved(supplier.order_desk), signing.id)).state == "completed"


async def test_each_side_names_its_own_and_nobody_for_the_other(connected, superuser):
    company, supplier = await trading_pair()
    signing = await opened_signing(company, supplier, their_places=2)
    second = await a_colleague(supplier, "order_desk")
    (ours,) = await places_of(company.buyer, signing.id)
    first, last = await places_of(supplier.order_desk, signing.id)
    with pytest.raises(NotFound):
        await commands.name(company.buyer, signing.id, first.id, company.buyer.person_id)
    with pytest.raises(NotFound):
        await commands.name(supplier.order_desk, signing.id, ours.id, second.person_id)
    for stranger in (company.buyer.person_id, supplier.shipping.person_id):
        with refused("may not sign for your company"):
            await commands.name(supplier.order_desk, signing.id, last.id, stranger)
    with pytest.raises(Denied):
        await commands.name(company.auditor, signing.id, ours.id, company.buyer.person_id)

    await commands.name(supplier.order_desk, signing.id, last.id, second.person_id)
    with refused("another place"):
        await commands.name(supplier.order_desk, signing.id, first.id, second.person_id)
    await commands.sign(proved(second), signing.id)
    with pytest.raises(Conflict, match="signed"):
        await commands.name(supplier.order_desk, signing.id, last.id, supplier.order_desk.person_id)
    kept = superuser.execute("select signed_by from signatory where id = %s", [last.id]).fetchone()
    assert kept == (second.person_id,)


async def test_a_place_is_for_anybody_again_once_nobody_is_named(connected, superuser):
    company, supplier = await trading_pair()
    signing = await opened_signing(company, supplier, own_people=[str(company.approver.person_id)])
    (place,) = await places_of(company.buyer, signing.id)
    await commands.name(company.buyer, signing.id, place.id, None)
    assert (await commands.sign(proved(company.buyer), signing.id)).signed == 1
    told = superuser.execute("select event from audit_entry where subject_id = %s order by id", [place.id]).fetchall()
    assert [event for (event,) in told] == ["signatory.named", "signatory.freed", "signing.signed"]


@pytest.mark.parametrize(
    ("people", "why"),
    [
        (lambda c: [c.buyer, c.approver], "More people are named than there are places"),
        (lambda c: [c.receiver], "may not sign for your company"),
    ],
)
async def test_who_cannot_sign_is_not_named_when_a_document_is_brought(connected, people, why):
    company, supplier = await trading_pair()
    with refused(why):
        await opened_signing(company, supplier, own_people=[str(each.person_id) for each in people(company)])


async def test_after_the_last_day_nobody_signs_until_a_later_one_is_set(inbox, clock):
    company, supplier = await trading_pair()
    await clock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    with refused("over"):
        await opened_signing(company, supplier, sign_until="2027-02-27")
    signing = await opened_signing(company, supplier, sign_until="2027-03-10")
    system = Actor.system(company.id)
    assert await commands.review(system) == 0
    await clock(datetime(2027, 3, 8, 12, tzinfo=UTC))
    assert [await commands.review(system) for _time in range(2)] == [1, 0]
    await run_jobs(*MAILS)
    for who in (company.buyer, supplier.order_desk):
        (mail,) = inbox.of(who)
        said = mail.get_body(("plain",)).get_content()
        assert ("to be signed soon" in mail["Subject"], formats.day("2027-03-10") in said) == (True, True), said

    await clock(datetime(2027, 3, 10, 12, tzinfo=UTC) + timedelta(days=1))
    assert [await commands.review(system) for _time in range(2)] == [1, 0]
    with pytest.raises(Conflict, match="last day to sign it was 2027-03-10"):
        await commands.sign(proved(supplier.order_desk), signing.id)
    assert await waiting_for(supplier.order_desk) == []
    await run_jobs(*MAILS)
    assert "is over" in inbox.of(company.buyer)[-1]["Subject"]

    with pytest.raises(Denied):
        await commands.set_day(supplier.order_desk, signing.id, day("2027-04-01"))
    with refused("over"):
        await commands.set_day(company.buyer, signing.id, day("2027-03-09"))
    await commands.set_day(company.buyer, signing.id, day("2027-04-01"))
    assert (await commands.sign(proved(supplier.order_desk), signing.id)).signed == 1


async def test_the_database_keeps_a_place_and_a_last_day_too(connected, superuser, clock):
    company, supplier = await trading_pair()
    await clock(datetime(2027, 3, 1, 12, tzinfo=UTC))
    signing = await opened_signing(company, supplier, sign_until="2027-03-10")
    (place,) = await places_of(supplier.order_desk, signing.id)
    await commands.name(supplier.order_desk, signing.id, place.id, supplier.order_desk.person_id)
    other = await a_colleague(supplier, "order_desk")
    filled = """update signatory set signed_by = '{}', name = 'x', statement = 'x', signed_at = now(),
      sha256 = repeat('0', 64), document_sha256 = repeat('0', 64), size = 1 where id = $1"""
    for person, moment, why in (
        (other, datetime(2027, 3, 2, tzinfo=UTC), "kept for somebody else"),
        (supplier.order_desk, datetime(2027, 3, 12, tzinfo=UTC), "last day to sign is over"),
    ):
        await clock(moment)
        with pytest.raises(Exception, match=why):
            async with changing(person) as change:
                await change.fetch(filled.format(person.person_id), place.id)


async def test_names_and_days_go_through_pages_and_api(connected, client_of):
    company, supplier = await trading_pair()
    signing = await opened_signing(company, supplier)
    buyer, desk = await client_of(company.buyer), await client_of(supplier.order_desk)
    place = f"/signings/{signing.id}"
    (ours,), (theirs,) = [await places_of(each, signing.id) for each in (company.buyer, supplier.order_desk)]
    assert (await buyer.post(f"{place}/last-day", data={"sign_until": ""})).status_code == 422
    assert (await buyer.post(f"{place}/last-day", data={"sign_until": "2099-05-04"})).status_code == 303
    assert (await desk.post(f"{place}/last-day", data={"sign_until": "2099-05-05"})).status_code == 403
    named = {"person_id": str(company.approver.person_id)}
    assert (await buyer.post(f"{place}/signatories/{ours.id}/name", data=named)).status_code == 303
    named = {"person_id": str(supplier.order_desk.person_id)}
    told = await desk.post(f"/api/v1{place}/signatories/{theirs.id}/name", json=named)
    assert told.status_code == 200, told.text
    assert (told.json()["sign_until"], told.json()["signatories"][1]["meant_name"]) == (
        "2099-05-04", supplier.order_desk.name,
    )  # fmt: skip
    shown = (await buyer.get(place)).text
    assert f"Kept for {company.approver.name}" in shown
    assert "Sign it" not in shown
    assert "Confirm that it is you" in (await desk.get(place)).text
