"""Order templates: kept, shared, renamed, deleted; another's own is not there for anybody else."""

import pytest
from psycopg.errors import CheckViolation

from portal.platform.work import viewing
from tests.harness.pages import Page
from tests.harness.reorders import TEMPLATES, kept_template, order_of, priced_item
from tests.harness.world import a_colleague, draft_order, trading_pair


async def test_an_order_is_kept_as_a_template_and_ordered_from_it(client_of):
    company, supplier = await trading_pair()
    order = await order_of(company, supplier, await priced_item(company, supplier, "12.50"))
    requester = await client_of(company.requester)

    made = await requester.post(TEMPLATES, json={"order_id": str(order.id), "name": "Monthly bolts"})
    assert made.status_code == 201, made.text
    template = made.json()
    assert (template["own"], template["shared"], template["line_count"]) == (True, False, 1)
    listed = (await requester.get(TEMPLATES)).json()["items"]
    assert [each["name"] for each in listed] == ["Monthly bolts"]
    drafted = await requester.post(f"{TEMPLATES}/{template['id']}/apply")
    assert drafted.status_code == 201
    assert drafted.json()["order"]["lines"][0]["unit_price"] == "12.50"


async def test_a_template_is_its_authors_until_it_is_shared(client_of, superuser):
    company, supplier = await trading_pair()
    template = await kept_template(company, supplier)
    at = f"{TEMPLATES}/{template.id}"
    requester = await client_of(company.requester)
    colleague = await client_of(await a_colleague(company, "buyer"))

    assert (await colleague.get(at)).status_code == 404
    assert (await colleague.post(f"{at}/apply")).status_code == 404
    assert (await colleague.get(TEMPLATES)).json()["items"] == []
    assert (await requester.patch(at, json={"shared": True})).json()["shared"] is True
    assert (await colleague.get(at)).json()["own"] is False
    assert (await colleague.post(f"{at}/apply")).status_code == 201
    assert (await colleague.patch(at, json={"name": "Mine"})).status_code == 403
    assert (await colleague.delete(at)).status_code == 403
    assert (await requester.delete(at)).status_code == 204
    assert (await requester.get(at)).status_code == 404
    with pytest.raises(CheckViolation):
        await _stolen(company, supplier, superuser)


async def _stolen(company, supplier, superuser):
    """Direct SQL by nobody: the database too knows whose it is."""
    template = await kept_template(company, supplier, "Another")
    superuser.execute("update order_template set name = 'x' where id = %s", [template.id])


async def test_other_companies_and_suppliers_see_none_of_it(client_of):
    company, supplier = await trading_pair()
    template = await kept_template(company, supplier, shared=True)
    stranger = await client_of((await trading_pair())[0].requester)
    desk = await client_of(supplier.order_desk)

    assert (await stranger.get(f"{TEMPLATES}/{template.id}")).status_code == 404
    assert (await stranger.get(TEMPLATES)).json()["items"] == []
    assert (await desk.get(TEMPLATES)).status_code == 403
    async with viewing(supplier.order_desk) as view:
        assert await view.value("select count(*) from order_template") == 0


async def test_a_person_has_one_template_of_a_name(client_of):
    company, supplier = await trading_pair()
    await kept_template(company, supplier, "Monthly")
    other = await kept_template(company, supplier, "Weekly")
    order = await draft_order(company, supplier)
    requester = await client_of(company.requester)

    again = await requester.post(TEMPLATES, json={"order_id": str(order.id), "name": "Monthly"})
    assert (again.status_code, "already" in again.json()["detail"]) == (409, True)
    assert (await requester.patch(f"{TEMPLATES}/{other.id}", json={"name": "Monthly"})).status_code == 409
    assert (await requester.patch(f"{TEMPLATES}/{other.id}", json={"name": " "})).status_code == 422


async def test_templates_in_a_browser(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    requester = await client_of(company.requester)

    assert f"/orders/{order.id}/template" in Page(await requester.get(f"/orders/{order.id}")).links.values()
    blank = await requester.post(f"/orders/{order.id}/template", data={"name": ""})
    assert blank.status_code == 422
    kept = await requester.post(f"/orders/{order.id}/template", data={"name": "Monthly", "shared": "true"})
    at = kept.headers["location"]
    shown = Page(await requester.get(at))
    renamed = await requester.post(f"{at}/edit", data=shown.form("/edit").values | {"name": "Weekly"})
    assert renamed.status_code == 303
    assert "Weekly" in Page(await requester.get("/order-templates")).text
    drafted = await requester.post(f"{at}/apply", data={})
    assert drafted.headers["location"].startswith("/orders/")
    assert (await requester.post(f"{at}/delete", data={})).headers["location"] == "/order-templates"
    assert "No templates yet" in Page(await requester.get("/order-templates")).text


async def test_the_list_of_templates_is_paged_in_a_handful_of_statements(client_of, counted):
    company, supplier = await trading_pair()
    for number in range(5):
        await kept_template(company, supplier, f"Template {number}")
    requester = await client_of(company.requester)
    first = (await requester.get(TEMPLATES, params={"limit": 3})).json()
    rest = (await requester.get(TEMPLATES, params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [each["name"] for each in first["items"] + rest["items"]] == [f"Template {n}" for n in range(5)]
    with counted() as statements:
        await requester.get("/order-templates")
    assert len(statements) <= 3, statements
