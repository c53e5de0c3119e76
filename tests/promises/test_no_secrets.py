"""A link's token is in its mail and nowhere else, whatever is done with the link."""

import io
import logging
from typing import Any

import pytest
import structlog
from litestar import Litestar

from portal.access.guards import permission_of
from portal.platform import log
from portal.platform.work.apart import settled
from portal.web.addresses import NAMING
from tests.harness.identity import an_invitation, link_in_mail, with_password
from tests.harness.mail import Inbox
from tests.harness.world import Organised, buying_company

COLUMNS = """
select table_name, column_name from information_schema.columns
where table_schema = 'public' and data_type in ('text', 'jsonb', 'json', 'bytea', 'ARRAY')
"""


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch):
    """All that this process says, as talkative as it can be, but for the browser that these stories hold."""
    handlers, level = list(logging.root.handlers), logging.root.level
    for browser in ("httpx", "httpcore"):
        monkeypatch.setattr(logging.getLogger(browser), "disabled", True)
    stream = io.StringIO()
    log.configure(level="debug", pretty=False, to=stream)
    yield stream
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


async def tokens(company: Organised, anonymous: Any, inbox: Inbox) -> dict[str, str]:
    """What each kind of address is opened by: a link for a new password, and one for somebody who is asked to join."""
    await with_password(company.buyer)
    await anonymous.post("/api/v1/password-links", json={"email": company.buyer.email})
    reset = await link_in_mail(inbox, company.buyer.email, "/reset-password/")
    asked = await an_invitation(company)
    invited = await link_in_mail(inbox, asked.email, "/invitations/")
    return {path.split("/")[1]: path.rpartition("/")[2] for path in (reset, invited)}


def opening(app: Litestar) -> set[tuple[str, str]]:
    """Method and address of every route with a text in it that names nothing."""
    return {
        (method, route.path_format)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        for method in (*handler.http_methods, "GET", "PUT")
        if any(part.type is str and name not in NAMING for name, part in route.path_parameters.items())
    }


def written(superuser: Any, text: str) -> list[tuple[str, str]]:
    """The columns in which this stands."""
    found = []
    for table, column in superuser.execute(COLUMNS).fetchall():
        sql = f'select count(*) from "{table}" where "{column}"::text like %s or "{column}"::text like %s'
        hexed = text.encode().hex()
        if superuser.execute(sql, [f"%{text}%", f"%{hexed}%"]).fetchone()[0]:
            found.append((table, column))
    return found


async def test_no_token_of_a_link_is_kept_or_said_anywhere(app: Litestar, client_of, anonymous, superuser, inbox, said):
    company, other = await buying_company(), await buying_company()
    held = await tokens(company, anonymous, inbox)
    routes = opening(app)
    assert {path for _method, path in routes} >= {"/reset-password/{token}", "/invitations/{token}"}

    for actor in (company.buyer, other.buyer):
        client = await client_of(actor)
        for token in held.values():
            for method, path in sorted(routes):
                for address in _misread(path, token):
                    await _asks(client, method, address)
        for token in held.values():
            await client.get("/proof", params={"next": f"/invitations/{token}"})
            await client.get("/audit", params={"next": f"/reset-password/{token}"})
            await client.get("/sign-in/company/back", params={"code": token, "state": token})
            await client.get("/orders/nothing", headers={"referer": f"http://portal.test/invitations/{token}"})
    await settled()

    for token in held.values():
        assert written(superuser, token) == []
        assert token not in said.getvalue()


async def test_who_reads_the_log_still_learns_which_address_refused(client_of, superuser, anonymous, inbox):
    company = await buying_company()
    token = (await tokens(company, anonymous, inbox))["reset-password"]
    client = await client_of(company.buyer)
    for address in (f"/api/v1/password-links/{token}", f"/reset-password/{token}/", f"/orders/{token}/{company.id}"):
        await _asks(client, "POST", address)

    sql = (
        "select body -> 'data' ->> 'path' from audit_entry where actor_id = %s and event = 'access.refused' order by id"
    )
    assert [path for (path,) in superuser.execute(sql, [company.buyer.person]).fetchall()] == [
        "/api/v1/password-links/{token}",
        "/reset-password/{token}",
        f"/orders/{{unknown}}/{company.id}",
    ]


async def test_a_page_that_a_token_opens_is_named_to_no_other_request(anonymous, inbox):
    held = await tokens(await buying_company(), anonymous, inbox)
    for place, token in held.items():
        answer = await anonymous.get(f"/{place}/{token}")
        assert (answer.status_code, answer.headers["referrer-policy"]) == (200, "strict-origin")
    assert (await anonymous.get("/sign-in")).headers["referrer-policy"] == "same-origin"


def test_no_route_is_open_to_everybody_by_what_names_a_thing(app: Litestar):
    """A text in an address that opens something is not among those that are kept."""
    named = {
        (route.path_format, name)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        for name in route.path_parameters
        if permission_of(handler) == "public" and name in NAMING
    }
    assert {path.split("/")[1] for path, _name in named} <= {"static", "api"}
    assert {path for path, _name in named if path.startswith("/api/")} == {"/api/v1/schema/{path}"}


def _misread(path: str, token: str) -> list[str]:
    """The address, and what becomes of it in mails and hands: too long, in capitals, below another one."""
    right = path.replace("{token}", token)
    return [right, f"{right}/", f"{right}.", f"{right}/more", right.replace("reset", "Reset"), f"/orders/{token}"]


async def _asks(client: Any, method: str, address: str) -> None:
    """What is refused and changes nothing: too short a password, and a form that names another account."""
    body = {"new_password": "short", "full_name": "Somebody"}
    form = {"data": body | {"_csrf": client.headers["x-csrf-token"]}}
    await client.request(method, address, **({"json": body} if address.startswith("/api/") else form))
