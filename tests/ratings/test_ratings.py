"""People rate finished orders; what they say stands apart from scores and is never their supplier's to read."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from psycopg.errors import CheckViolation

from portal.orders.commands import close
from portal.platform.actor import Scope
from portal.platform.refusals import NotFound
from portal.platform.work import viewing
from tests.harness.pages import Page
from tests.harness.ratings import finished_order, rated
from tests.harness.services import accepted_services, service_order
from tests.harness.world import a_colleague, accepted_order, trading_pair

API = "/api/v1"


def ratings_of(order) -> str:
    return f"{API}/purchase-orders/{order.id}/ratings"


async def test_whoever_received_goods_rates_the_order_and_colleagues_read_it(client_of, superuser):
    company, supplier = await trading_pair()
    order = await finished_order(company, supplier)
    receiver, requester = await client_of(company.receiver), await client_of(company.requester)

    said = {"stars": 4, "communication": 5, "comment": "In time, well packed."}
    given = await receiver.put(ratings_of(order), json=said)
    assert given.status_code == 200, given.text
    assert (given.json()["stars"], given.json()["handling"], given.json()["own"]) == (4, None, True)
    (read,) = (await requester.get(ratings_of(order))).json()
    assert (read["rated_by_name"], read["comment"], read["own"]) == (company.receiver.name, said["comment"], False)
    entry = superuser.execute(
        "select event, shown_to, root_id from audit_entry where subject_id = %s", [given.json()["id"]]
    ).fetchall()
    assert entry == [("order-rating.given", None, order.id)]


@pytest.mark.parametrize("role", ["requester", "buyer", "supplier_manager", "receiver"])
async def test_whoever_looks_after_an_order_rates_it(client_of, role):
    company, supplier = await trading_pair()
    order = await finished_order(company, supplier)
    assert (await (await client_of(company.people[role])).put(ratings_of(order), json={"stars": 3})).status_code == 200


@pytest.mark.parametrize("role", ["approver", "payable", "administrator", "auditor"])
async def test_nobody_else_does(client_of, role):
    company, supplier = await trading_pair()
    order = await finished_order(company, supplier)
    assert (await (await client_of(company.people[role])).put(ratings_of(order), json={"stars": 3})).status_code == 403


async def test_services_that_were_accepted_are_rated_too(client_of):
    company, supplier = await trading_pair()
    order = await service_order(company, supplier)
    await accepted_services(company, supplier, order)
    await close(company.buyer, order.id)
    receiver = await client_of(company.receiver)
    assert f"/orders/{order.id}/ratings" in (await receiver.get("/")).text
    assert (await receiver.put(ratings_of(order), json={"stars": 5})).status_code == 200


async def test_an_order_that_is_not_finished_is_not_rated(client_of, connected):
    company, supplier = await trading_pair()
    order = await accepted_order(company, supplier)
    refused = await (await client_of(company.requester)).put(ratings_of(order), json={"stars": 1})
    assert (refused.status_code, "received" in refused.json()["detail"]) == (409, True)


async def test_one_person_has_one_rating_of_an_order_and_changes_it_for_thirty_days(client_of, superuser, clock):
    company, supplier = await trading_pair()
    order = await finished_order(company, supplier)
    receiver, now = await client_of(company.receiver), datetime.now(UTC)
    first = await receiver.put(ratings_of(order), json={"stars": 2})

    await clock(now + timedelta(days=29))
    changed = await receiver.put(ratings_of(order), json={"stars": 4}, headers={"if-match": first.headers["etag"]})
    assert (changed.status_code, changed.json()["id"]) == (200, first.json()["id"])
    stale = await receiver.put(ratings_of(order), json={"stars": 1}, headers={"if-match": first.headers["etag"]})
    assert stale.status_code == 412
    await clock(now + timedelta(days=31))
    late = await receiver.put(ratings_of(order), json={"stars": 5})
    assert (late.status_code, "30 days" in late.json()["detail"]) == (409, True)
    (kept,) = superuser.execute(
        "select body from audit_entry where event = 'order-rating.changed' and subject_id = %s", [first.json()["id"]]
    ).fetchall()
    (row,) = kept[0]["rows"]
    assert (row["before"]["stars"], row["after"]["stars"]) == (2, 4)


async def test_the_database_keeps_ratings_as_they_are(connected, superuser):
    company, supplier = await trading_pair()
    rating = await rated(company.receiver, await finished_order(company, supplier))
    open_order = await accepted_order(company, supplier)
    columns = "id, order_id, order_number, buyer_id, supplier_id, stars, created_by, created_at"
    copied = (
        f"insert into order_rating ({columns}) select gen_random_uuid(), o.id, o.number, o.buyer_id, o.supplier_id, 5, "
        "%s, now() from purchase_order o where o.id = %s"
    )
    for sql, values in (
        ("update order_rating set stars = 1 where id = %s", [rating.id]),
        ("update order_rating set created_by = supplier_id where id = %s", [rating.id]),
        (copied, [company.receiver.person_id, open_order.id]),
    ):
        with pytest.raises(CheckViolation):
            superuser.execute(sql, values)


async def test_a_suppliers_people_neither_rate_nor_read(client_of):
    company, supplier = await trading_pair()
    order = await finished_order(company, supplier)
    await rated(company.receiver, order, comment="Sloppy")
    for role, person in supplier.people.items():
        client = await client_of(person)
        assert (await client.put(ratings_of(order), json={"stars": 5})).status_code == 403, role
        told = await client.get(f"{API}/suppliers/{supplier.id}/ratings", params={"buyer_id": str(company.id)})
        assert "Sloppy" not in told.text
        assert "Sloppy" not in (await client.get(f"/orders/{order.id}")).text
        async with viewing(person) as view:
            assert await view.value("select count(*) from order_rating") == 0


async def test_another_company_and_another_part_of_the_company_see_nothing(client_of):
    company, supplier = await trading_pair()
    order = await finished_order(company, supplier, purchasing_group="metals")
    await rated(company.receiver, order)
    async with viewing(_within(company.receiver, "paper")) as view:
        assert await view.value("select count(*) from order_rating") == 0
    with pytest.raises(NotFound):
        await rated(_within(company.requester, "paper"), order)
    stranger = await client_of((await trading_pair())[0].receiver)
    assert (await stranger.get(ratings_of(order))).status_code == 404
    assert (await stranger.put(ratings_of(order), json={"stars": 1})).status_code == 404
    assert (await stranger.get(f"{API}/suppliers/{supplier.id}/ratings")).status_code == 404


def _within(actor, group):
    return msgspec.structs.replace(actor, scope=Scope(purchasing_groups=(group,)))


@pytest.mark.parametrize("wrong", [{"stars": 0}, {"stars": 6}, {"stars": "many"}, {}, {"stars": 3, "handling": 9}])
async def test_stars_are_one_to_five(client_of, wrong):
    company, supplier = await trading_pair()
    order = await finished_order(company, supplier)
    assert (await (await client_of(company.receiver)).put(ratings_of(order), json=wrong)).status_code == 422


async def test_an_order_is_rated_on_its_own_page(client_of):
    company, supplier = await trading_pair()
    order = await finished_order(company, supplier)
    receiver, approver = await client_of(company.receiver), await client_of(company.approver)
    at = f"/orders/{order.id}"

    page = Page(await receiver.get(at))
    assert "Rate this order" in page.text
    wrong = await receiver.post(
        f"{at}/ratings", data=page.form("/ratings").values | {"stars": "", "comment": "Well done"}
    )
    assert (wrong.status_code, "Well done" in wrong.text) == (422, True)
    sent = await receiver.post(
        f"{at}/ratings", data=page.form("/ratings").values | {"stars": "4", "comment": "Well done"}
    )
    assert sent.status_code == 303, sent.text
    assert "Change your rating" in (await receiver.get(at)).text
    seen = (await approver.get(at)).text
    assert ("Well done" in seen, "Rate this order" in seen) == (True, False)


async def test_what_somebody_received_lately_asks_to_be_rated_until_it_is(client_of):
    company, supplier = await trading_pair()
    order = await finished_order(company, supplier)
    receiver, other = await client_of(company.receiver), await client_of(await a_colleague(company, "receiver"))

    assert f"/orders/{order.id}/ratings" in (await receiver.get("/")).text
    assert order.number in (await receiver.get("/orders?open=rate")).text
    assert f"/orders/{order.id}/ratings" not in (await other.get("/")).text
    await rated(company.receiver, order)
    assert f"/orders/{order.id}/ratings" not in (await receiver.get("/")).text
