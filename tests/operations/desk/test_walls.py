"""Nobody sees, runs or changes another organisation's imports, files or mappings; and files come from our own pages."""

import pytest

from tests.harness.world import BUYING, a_colleague, buying_company, selling_company
from tests.operations.desk.nordwerk import API, BAD_SUPPLIERS, brought, kept_bytes, mapped, ran
from tests.operations.nordwerk import ITEMS, MAPPING

PATHS = ("", "/mapping", "/progress", "/errors.csv", "/corrections.xlsx", "/mapping.toml")
ACTS = ("/start", "/cancel", "/discard", "/files", "/corrections", "/mapping", "/mapping/choose", "/mapping/keep")
PRICES = "Lieferant;Artikel;Preis;Per;ME;Ab;Gueltig;Nr\n70001;A-1;12,34;1;Stk;;;\n"
FILE = {"files": ("Artikel.csv", ITEMS.encode())}


@pytest.fixture
async def foreign(client_of):
    """An import with errors of another company, and a mapping that it keeps."""
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Lieferanten.csv", BAD_SUPPLIERS))
    await mapped(client, made["id"], "suppliers")
    done = await ran(client, made["id"])
    kept = await client.post("/api/v1/import-mappings", json={"name": "Nordwerk", "import_id": made["id"]})
    assert kept.status_code == 201, kept.text
    return company, done, kept.json()


async def test_a_stranger_with_every_role_finds_nothing(client_of, foreign):
    _company, made, kept = foreign
    stranger = await client_of(await a_colleague(await buying_company(), *BUYING))
    for path in PATHS:
        assert (await stranger.get(f"/imports/{made['id']}{path}")).status_code == 404, path
    for path in ("", "/problems", "/errors.csv", "/corrections.xlsx", "/mapping.toml"):
        assert (await stranger.get(f"{API}/{made['id']}{path}")).status_code == 404, path
    for path in ("", "/mapping.toml"):
        assert (await stranger.get(f"/api/v1/import-mappings/{kept['id']}{path}")).status_code == 404, path
        assert (await stranger.get(f"/imports/mappings/{kept['id']}{path}")).status_code == 404, path
    assert (await stranger.get(API)).json()["items"] == []
    assert (await stranger.get("/api/v1/import-mappings")).json()["items"] == []


async def test_a_stranger_changes_nothing(client_of, foreign):
    company, made, kept = foreign
    before = kept_bytes(company)
    stranger = await client_of(await a_colleague(await buying_company(), *BUYING))
    for act in ACTS:
        answer = await stranger.post(f"/imports/{made['id']}{act}", files=FILE, data={"name": "Mine", "kind": "items"})
        assert answer.status_code == 404, act
    for method, path in (
        ("PUT", f"{API}/{made['id']}/files/Artikel.csv"),
        ("PUT", f"{API}/{made['id']}/mapping"),
        ("POST", f"{API}/{made['id']}/start"),
        ("POST", f"{API}/{made['id']}/cancel"),
        ("DELETE", f"{API}/{made['id']}/files/{made['files'][0]['id']}"),
        ("DELETE", f"{API}/{made['id']}"),
        ("DELETE", f"/api/v1/import-mappings/{kept['id']}"),
    ):
        assert (await stranger.request(method, path, json={})).status_code == 404, path
    renamed = await stranger.patch(f"/api/v1/import-mappings/{kept['id']}", json={"name": "Mine"})
    assert renamed.status_code == 404
    own = await brought(stranger, ("Artikel.csv", ITEMS))
    for body in ({"mapping_id": kept["id"]}, {"kind": "items", "mapping_id": kept["id"]}):
        assert (await stranger.put(f"{API}/{own['id']}/mapping", json=body)).status_code == 404
    named = await stranger.post("/api/v1/import-mappings", json={"name": "Mine", "import_id": made["id"]})
    assert named.status_code == 404
    assert kept_bytes(company) == before


@pytest.mark.parametrize("role", ["requester", "buyer", "approver", "receiver", "payable"])
async def test_roles_that_do_not_import_do_not_see_imports_either(client_of, foreign, role):
    company, made, _kept = foreign
    client = await client_of(company.people[role])
    assert (await client.get("/imports")).status_code == 403
    assert (await client.get(f"/imports/{made['id']}/progress")).status_code == 403
    assert (await client.post("/imports", files=FILE)).status_code == 403
    assert (await client.post(API, json={})).status_code == 403


async def test_an_auditor_looks_and_touches_nothing(client_of, foreign):
    company, made, _kept = foreign
    client = await client_of(company.auditor)
    page = await client.get(f"/imports/{made['id']}")
    assert page.status_code == 200
    assert "Discard" not in page.text
    assert (await client.get(f"/imports/{made['id']}/mapping")).status_code == 403
    assert (await client.post(f"/imports/{made['id']}/start")).status_code == 403


async def test_suppliers_have_no_import_desk(client_of):
    supplier = await selling_company()
    client = await client_of(await a_colleague(supplier, "administrator", "order_desk"))
    assert (await client.get("/imports")).status_code == 403
    assert 'href="/imports"' not in (await client.get("/")).text


@pytest.mark.parametrize("token", [None, "", "wrong", "ä"])
async def test_files_from_a_page_that_is_not_ours_are_refused_before_any_of_them_is_kept(client_of, token):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    client.headers.pop("x-csrf-token")
    fields = {} if token is None else {"_csrf": token}
    assert (await client.post("/imports", data=fields, files=FILE)).status_code == 403
    late = [("files", FILE["files"]), ("_csrf", (None, "comes too late"))]
    assert (await client.post("/imports", files=late)).status_code == 403
    made = (await client.post(API, json={}, headers={"x-csrf-token": "x"})).status_code
    assert made == 403
    assert kept_bytes(company) == []


async def test_a_body_that_is_a_file_needs_the_token_too(client_of):
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client)
    client.headers.pop("x-csrf-token")
    answer = await client.put(f"{API}/{made['id']}/files/Artikel.csv", content=ITEMS.encode())
    assert answer.status_code == 403
    assert kept_bytes(company) == []


async def test_a_price_stays_hidden_whatever_kind_its_import_is_given(client_of):
    """Who imports but reads no prices does not see those that a colleague brought by calling them something else."""
    company = await buying_company()
    client = await client_of(company.supplier_manager)
    made = await brought(client, ("Preise.csv", PRICES))
    await mapped(client, made["id"], "prices")
    path = f"{API}/{made['id']}"
    administrator = await client_of(company.administrator)
    names = MAPPING.replace('name = "Bezeichnung"', 'name = "Preis"').replace(
        'file = "Artikel.*"', 'file = "Preise.csv"'
    )
    for answer in (
        await administrator.put(f"{path}/mapping", json={"kind": "items", "mapping": names}),
        await administrator.put(f"{path}/files/Mehr.csv", content=PRICES.encode()),
        await administrator.get(f"{path}/mapping.toml"),
        await administrator.get(f"/imports/{made['id']}/mapping.toml"),
        await administrator.post("/api/v1/import-mappings", json={"name": "Mine", "import_id": made["id"]}),
    ):
        assert answer.status_code == 403, answer.text

    given = await client.put(f"{path}/mapping", json={"kind": "items", "mapping": names})
    assert given.status_code == 200, given.text
    await ran(client, made["id"])
    assert "12,34" in (await client.get(f"/imports/{made['id']}")).text
    page = await administrator.get(f"/imports/{made['id']}")
    assert page.status_code == 200
    assert "12,34" not in page.text
    for what in ("/problems", "/errors.csv", "/corrections.xlsx", "/mapping.toml"):
        assert (await administrator.get(f"{path}{what}")).status_code == 403, what
    mended = await administrator.post(f"/imports/{made['id']}/corrections", files=FILE)
    assert mended.status_code == 403
