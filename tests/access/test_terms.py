"""Terms and privacy notices: a new edition is asked for at the next sign-in, and who accepted which is kept."""

import pytest

from portal.access.commands import publish_text
from portal.access.forms import LegalForm
from portal.platform.convert import convert
from tests.harness.identity import PASSWORD, signs_in, with_password
from tests.harness.pages import Reader
from tests.harness.world import trading_pair

TERMS = "/api/v1/me/terms"


@pytest.fixture
async def pair(connected):
    company, supplier = await trading_pair()
    await with_password(company.buyer, supplier.order_desk)
    return company, supplier


async def published(company, kind="terms", text="Be fair.\n\nPay on time."):
    return await publish_text(
        company.administrator, convert(LegalForm, {"kind": kind, "text_en": text, "text_zh": "公平行事。"})
    )


async def test_a_new_edition_is_asked_for_at_the_next_sign_in_and_not_before(client_of, anonymous, pair):
    company, _supplier = pair
    open_before = await client_of(company.buyer)
    text = await published(company)
    assert (await open_before.get("/api/v1/purchase-orders")).status_code == 200

    me = (await signs_in(anonymous, company.buyer)).json()
    assert (me["pending"], me["roles"]) == (["terms"], [])
    assert (await anonymous.get("/api/v1/purchase-orders")).json()["needs"] == "terms"
    (asked,) = (await anonymous.get(TERMS)).json()
    assert (asked["id"], asked["edition"], asked["texts"]["zh-Hans"]) == (str(text.id), 1, "公平行事。")
    accepted = await anonymous.post(TERMS, json={"texts": [asked["id"]]})
    assert accepted.json()["pending"] == []
    assert (await anonymous.get("/api/v1/purchase-orders")).status_code == 200
    assert (await signs_in(anonymous, company.buyer)).json()["pending"] == []


async def test_what_came_out_meanwhile_is_read_first(anonymous, pair):
    company, _supplier = pair
    first = await published(company)
    await signs_in(anonymous, company.buyer)
    second = await published(company)
    stale = await anonymous.post(TERMS, json={"texts": [str(first.id)]})
    assert stale.status_code == 409
    assert (await anonymous.post(TERMS, json={"texts": [str(second.id)]})).json()["pending"] == []


async def test_a_suppliers_people_accept_the_terms_of_their_customers_who_see_it(anonymous, client_of, pair, superuser):
    company, supplier = pair
    administrator = await client_of(company.administrator)
    await published(company)
    await published(company, "privacy")
    stranger, _other = await trading_pair()
    await published(stranger)
    sent = {"email": supplier.order_desk.email, "password": PASSWORD}
    half = await anonymous.post("/sign-in", data=sent)
    assert half.headers["location"] == "/sign-in/next?next=/"
    reader = Reader(anonymous)
    page = await reader.open("/sign-in/next")
    assert f"Terms of use of {company.name}" in page.text
    assert f"Privacy notice of {company.name}" in page.text
    assert stranger.name not in page.text
    texts = [text["id"] for text in (await anonymous.get(TERMS)).json()]
    token = page.form("/sign-in/terms").values["_csrf"]
    answer = await anonymous.post("/sign-in/terms", data={"_csrf": token, "next": "/orders", "text": texts})
    assert answer.headers["location"] == "/orders"
    assert (await anonymous.get("/orders")).status_code == 200

    kept = await Reader(administrator).open("/security/terms")
    assert supplier.order_desk.name in kept.text
    rows = superuser.execute(
        "select kind, edition from legal_acceptance where person_id = %s order by kind", [supplier.order_desk.person]
    ).fetchall()
    assert rows == [("privacy", 1), ("terms", 1)]
    told = superuser.execute(
        "select count(*) from audit_entry where event = 'legal-text.accepted' and shown_to = %s", [company.id]
    ).fetchone()
    assert told == (2,)


async def test_an_edition_never_changes_and_an_acceptance_is_never_taken_back(pair, superuser):
    import psycopg

    from portal.platform.settings import settings

    company, _supplier = pair
    await published(company)
    with psycopg.connect(str(settings().database_url)) as connection:
        for wanted in ("update legal_text set texts = '{}'", "delete from legal_acceptance", "delete from legal_text"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(wanted.encode())


async def test_only_administrators_publish(client_of, pair):
    company, _supplier = pair
    body = {"kind": "terms", "text_en": "Be kind."}
    assert (await (await client_of(company.buyer)).post("/api/v1/legal-texts", json=body)).status_code == 403
    reader = Reader(await client_of(company.administrator))
    page = await reader.open("/security/terms")
    assert (await reader.send(page, "/security/terms", text_en="")).status == 422
    done = await reader.send(page, "/security/terms", kind="privacy", text_en="We keep little.")
    assert "Edition 1 is published" in done.text
