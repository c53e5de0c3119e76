"""A program that misspells a filter is told so: no route of the API passes over a parameter that it does not know."""

from urllib.parse import quote

import pytest

from portal.access.guards import allowed
from tests.harness.routes import address, routes
from tests.harness.world import BUYING, SELLING, a_colleague, draft_order, trading_pair

KEEPING = ("administrator", "auditor")
UNKNOWN = {"stat": "issued", "utm_source": "mail"}


async def test_every_get_route_of_the_api_names_what_it_does_not_take(app, client_of):
    company, supplier = await trading_pair()
    actors = [await a_colleague(company, role) for role in KEEPING]
    actors.append(await a_colleague(company, *(role for role in BUYING if role not in KEEPING)))
    actors.append(await a_colleague(supplier, *(role for role in SELLING if role not in KEEPING)))
    clients = [(actor, await client_of(actor)) for actor in actors]
    asked = [route for route in routes(app) if route.method == "GET" and route.path.startswith("/api/")]
    assert len(asked) > 100

    for route in asked:
        client = next(client for actor, client in clients if allowed(actor, route.permission or ""))
        refused = await client.get(address(route, {}), params=UNKNOWN)
        assert refused.status_code == 422, (route, refused.text)
        assert refused.headers["content-type"].startswith("application/problem+json")
        assert [error["field"] for error in refused.json()["errors"]] == list(UNKNOWN), route


async def test_a_list_says_which_filter_was_meant_and_shows_nothing(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    buyer = await client_of(company.buyer)

    refused = await buyer.get("/api/v1/purchase-orders?stat=issued&Limit=5&zzz=1&state=draft")

    told = {error["field"]: error["message"] for error in refused.json()["errors"]}
    assert (refused.status_code, list(told)) == (422, ["stat", "Limit", "zzz"])
    assert "The nearest is state." in told["stat"]
    assert "The nearest is limit." in told["Limit"]
    assert "requested_before, sort, state" in told["zzz"]
    assert str(order.id) not in refused.text


def taken_as_lists(app) -> dict[str, set[str]]:
    return {
        route.path_format: set(handler.opt["query_lists"])
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if "query_lists" in handler.opt
    }


async def test_a_filter_that_comes_twice_is_refused_unless_the_route_takes_a_list(app, client_of):
    company, _supplier = await trading_pair()
    buyer = await client_of(company.buyer)

    refused = await buyer.get("/api/v1/purchase-orders?state=draft&state=issued&limit=5&sort=number&sort=number")

    told = {error["field"]: error["message"] for error in refused.json()["errors"]}
    once = "This parameter was sent several times, and is taken once."
    assert (refused.status_code, told) == (422, {"state": once, "sort": once})
    assert (await buyer.get("/api/v1/purchase-orders?state=draft&limit=5")).status_code == 200
    assert (await buyer.get("/orders?state=draft&state=issued")).status_code == 200
    lists = {path: each for path, each in taken_as_lists(app).items() if each}
    assert lists["/api/v1/scorecards/comparison"] == {"supplier_id"}
    compared = await buyer.get(f"/api/v1/scorecards/comparison?supplier_id={company.id}&supplier_id={company.id}")
    assert "several times" not in compared.text


async def test_an_act_takes_no_parameter_that_it_would_pass_over(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    buyer = await client_of(company.buyer)

    refused = await buyer.post(f"/api/v1/purchase-orders/{order.id}/submit?dry_run=1", json={})

    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, ["dry_run"])
    assert (await buyer.get(f"/api/v1/purchase-orders/{order.id}")).json()["state"] == "draft"


@pytest.mark.parametrize("name", ["%00", "\ud800", "<script>", "{{7*7}}", "", "x" * 5000, "état", "a&" * 2000])
async def test_a_name_that_is_none_is_refused_as_any_other(client_of, name):
    company, _supplier = await trading_pair()
    asked = quote(name, safe="%&", errors="surrogatepass")
    refused = await (await client_of(company.buyer)).get(f"/api/v1/purchase-orders?{asked}=1")
    assert (refused.status_code, len(refused.text) < 2000) == (422, True), refused.text


async def test_of_very_many_names_the_first_are_told(client_of):
    company, _supplier = await trading_pair()
    asked = "&".join(f"name{number}=1" for number in range(3000))
    refused = await (await client_of(company.buyer)).get(f"/api/v1/purchase-orders?{asked}")
    assert (refused.status_code, len(refused.json()["errors"])) == (422, 20)


async def test_a_page_is_not_put_off_by_marks_that_links_from_elsewhere_bring(client_of, anonymous):
    company, _supplier = await trading_pair()
    buyer = await client_of(company.buyer)
    for path in ("/orders", "/orders.csv", "/api/v1/docs", "/api/v1/openapi.json"):
        assert (await buyer.get(path, params=UNKNOWN)).status_code == 200, path
    assert (await anonymous.get("/sign-in", params=UNKNOWN)).status_code == 200


async def test_the_reference_names_exactly_the_parameters_that_are_taken(app, anonymous):
    paths = (await anonymous.get("/api/v1/openapi.json")).json()["paths"]
    told = {
        (verb.upper(), path): {each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"}
        for path, operations in paths.items()
        for verb, operation in operations.items()
    }
    taken = {
        (method, route.path_format): set(handler.opt["query_parameters"])
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if "query_parameters" in handler.opt
        for method in handler.http_methods
    }
    assert told == taken
