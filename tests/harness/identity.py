"""People with passwords and second factors, and the mails that lead them in."""

import re
import time
from typing import Any, NamedTuple

import httpx
from pyotp.totp import TOTP

from portal.access.commands import invite, set_password
from portal.access.forms import Admission
from portal.access.tables import Invitation
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.ids import new_id
from tests.harness.jobs import run_jobs
from tests.harness.mail import Inbox
from tests.harness.world import Organised

PASSWORD = "a long sentence of one's own"
SESSIONS = "/api/v1/sessions"


class Phone(NamedTuple):
    """An authenticator app with one account in it, and the recovery codes on paper."""

    secret: str
    codes: list[str]

    def code(self, ahead: int = 0) -> str:
        """What it shows, `ahead` steps of half a minute from now: no code is taken twice."""
        return TOTP(self.secret).generate_otp(int(time.time()) // 30 + ahead)


async def with_password(*people: Actor) -> None:
    for person in people:
        await set_password(Actor.system(person.organisation_id), person.person, PASSWORD, first=True)


async def signs_in(client: httpx.AsyncClient, person: Actor, code: str | None = None, password: str = PASSWORD) -> Any:
    """The answer of `POST /sessions`; the client goes on with what it gave."""
    body = {"email": person.email, "password": password} | ({"code": code} if code else {})
    answer = await client.post(SESSIONS, json=body)
    if answer.status_code == 201:
        client.headers["x-csrf-token"] = answer.json()["csrf_token"]
    return answer


async def sets_up_an_app(client: httpx.AsyncClient) -> Phone:
    """Somebody who is signed in puts a second factor on their phone."""
    begun = (await client.post("/api/v1/me/second-factor", json={"password": PASSWORD})).json()
    phone = Phone(begun["secret"], [])
    answer = await client.post("/api/v1/me/second-factor/confirm", json={"code": phone.code(-1)})
    assert answer.status_code == 200, answer.text
    client.headers["x-csrf-token"] = answer.json()["csrf_token"]
    return Phone(phone.secret, answer.json()["recovery_codes"])


async def an_invitation(company: Organised, **changes: Any) -> Invitation:
    """Somebody new who is asked to join, and has not answered."""
    told = {"email": f"new.{new_id().hex[-12:]}@example.test", "roles": ["auditor"]} | changes
    return await invite(company.administrator, convert(Admission, told))


async def link_in_mail(inbox: Inbox, address: str, path: str) -> str:
    """The path of the newest link that this address got."""
    await run_jobs("messaging.link")
    mails = [mail for mail, to in zip(inbox.mails, inbox.envelopes, strict=True) if to == [address]]
    part: Any = mails[-1].get_body(("plain",))
    found = re.search(rf"http://portal\.test({path}[\w-]+)", part.get_content())
    assert found, part.get_content()
    return found[1]
