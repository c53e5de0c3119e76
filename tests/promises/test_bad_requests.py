"""What no browser would send: headers and parts of forms that cannot be read get an answer, never a 500."""

import pytest

from tests.harness.world import draft_order, trading_pair

SAFE = "default-src 'none'"
FORMS = ("/orders/new", "/profile", "/organisation")


@pytest.mark.parametrize("origin", ["http://[::1", "http://[x]", "[", "http://", "//", "nonsense", ""])
async def test_an_origin_that_is_none_is_another_site(anonymous, client_of, origin):
    company, _supplier = await trading_pair()
    for client in (anonymous, await client_of(company.buyer)):
        for path in ("/sign-in", "/api/v1/sessions", "/preferences"):
            answer = await client.post(
                path, headers={"origin": origin, "content-type": "application/json"}, content=b"{}"
            )
            assert answer.status_code == 403, (path, answer.status_code)


@pytest.mark.parametrize("host", ["[", "a@b", "portal.test:x", "x y", "\\", "a/b?c#d", "http://portal.test", ":0"])
async def test_a_host_that_is_none_gets_an_answer(anonymous, client_of, host):
    company, _supplier = await trading_pair()
    for client in (anonymous, await client_of(company.buyer)):
        for path in ("/", "/nope", "/api/v1/nope", "/api/v1/purchase-orders"):
            answer = await client.get(path, headers={"host": host})
            assert 400 <= answer.status_code < 500, (path, answer.status_code)


@pytest.mark.parametrize("referer", ["http://[x", "http://[::1", "http://portal.test[", "//[", ""])
async def test_a_page_that_refuses_never_trips_over_where_somebody_came_from(anonymous, client_of, referer):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier)
    client = await client_of(company.receiver)
    headers = {"referer": referer}

    answers = {
        await anonymous.get("/nope", headers=headers): 404,
        await client.post(f"/orders/{order.id}/submit", headers=headers): 403,
        await client.post("/nope", headers=headers): 404,
    }

    for answer, status in answers.items():
        assert answer.status_code == status, answer.text
        assert SAFE in answer.headers["content-security-policy"]


@pytest.mark.parametrize("kind", ["text/plain; charset=bogus", "text/plain; charset=utf-16", "text/plain; charset=hex"])
async def test_a_part_of_a_form_in_a_charset_that_nobody_knows_is_refused_with_a_sentence(anonymous, client_of, kind):
    company, _supplier = await trading_pair()
    client = await client_of(company.requester)
    part = f'--x\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: {kind}\r\n\r\nabc\r\n--x--\r\n'
    headers = {"content-type": "multipart/form-data; boundary=x"}

    for path in FORMS:
        answer = await client.post(path, content=part.encode(), headers=headers)
        assert answer.status_code in (400, 404, 422), (path, answer.status_code)
    assert (await anonymous.post("/sign-in", content=part.encode(), headers=headers)).status_code in (400, 422)

    client.headers.pop("x-csrf-token")
    assert (await client.post("/profile", content=part.encode(), headers=headers)).status_code in (400, 403)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "10000-01-01"])
async def test_the_log_may_be_asked_up_to_the_last_day_there_is(client_of, day):
    company, _supplier = await trading_pair()
    client = await client_of(company.auditor)
    for name in ("from", "to"):
        for path in ("/audit", "/api/v1/audit-entries"):
            assert (await client.get(path, params={name: day})).status_code in (200, 400, 422), (path, name)


@pytest.mark.parametrize("query", ["sort=bogus", "sort=-gross", "sort=--created", "state=nonsense", "created_to=0"])
async def test_a_file_that_cannot_be_made_is_refused_before_its_first_byte(client_of, query):
    company, supplier = await trading_pair()
    await draft_order(company, supplier)
    answer = await (await client_of(company.receiver)).get(f"/orders.csv?{query}")
    assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00%2B14:00", "9999-12-31"])
async def test_programs_too_may_ask_the_log_up_to_the_last_moment_there_is(client_of, moment):
    company, _supplier = await trading_pair()
    client = await client_of(company.auditor)
    for name in ("from", "to"):
        answer = await client.get(f"/api/v1/audit-entries?{name}={moment}")
        assert answer.status_code in (200, 400), (name, answer.text)


@pytest.mark.parametrize("boundary", ['""', "", "x" * 5000, "é", '"x;y"', "x\x00"])
async def test_a_form_with_a_boundary_that_is_none_is_refused_with_a_sentence(anonymous, boundary):
    headers = {"content-type": f"multipart/form-data; boundary={boundary}".encode()}
    answer = await anonymous.post("/sign-in", content=b"--x\r\n\r\nabc\r\n--x--\r\n", headers=headers)
    assert answer.status_code in (400, 422), answer.text
