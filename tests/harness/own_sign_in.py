"""A company that signs in by a provider of its own, and what its people do there."""

import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

from portal.access.commands import add_member, set_provider
from portal.access.forms import ProviderForm
from portal.access.tables import Person
from portal.platform.actor import Actor
from portal.platform.convert import convert
from portal.platform.ids import new_id
from portal.platform.settings import override
from tests.harness.identity import sets_up_an_app, with_password
from tests.harness.pages import Page
from tests.harness.places import door
from tests.harness.provider import CLIENT, SECRET

OTHER_SECRET = "the secret of another client"
ROOT = Path(__file__).resolve().parents[2]


def _running(secret: str) -> Iterator[str]:
    """A provider's address, while it runs."""
    command = [sys.executable, "-m", "tests.harness.provider", secret]
    provider = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert provider.stdout
    yield provider.stdout.readline().strip()
    provider.terminate()
    provider.wait(10)
    provider.stdout.close()


@pytest.fixture(scope="module")
def issuer():
    """The provider's address."""
    yield from _running(SECRET)


@pytest.fixture(scope="module")
def other_issuer():
    """The address of another provider, which knows the portal by another secret."""
    yield from _running(OTHER_SECRET)


@pytest.fixture
async def domain(connected, company, issuer):
    """The company signs in by the provider; gives the domain of its people."""
    domain = f"d{new_id().hex[-10:]}.test"
    with override(oidc_networks=(ip_network("127.0.0.0/8"),)):
        await set_provider(Actor.system(company.id), a_form(issuer, domain))
        yield domain


def a_form(issuer: str, domain: str, /, **changes) -> ProviderForm:
    told = {"issuer": issuer, "client_id": CLIENT, "client_secret": SECRET, "domain": domain} | changes
    return convert(ProviderForm, told)


async def a_member(company, domain: str, name: str = "annette") -> str:
    person = Person(id=new_id(), full_name="Annette", email=f"{name}@{domain}")
    await add_member(Actor.system(company.id), person, ["buyer"])
    return person.email


async def led_back(client, email: str, target: str = "/orders") -> str:
    """From our page to the provider's and back: the address that it leads to."""
    token = {"_csrf": client.cookies.get("csrf_token") or ""}
    begun = await client.post("/sign-in/company", data={"email": email, "next": target} | token)
    assert begun.status_code == 200, begun.text
    away = next(href for text, href in Page(begun).links.items() if text == "Go on")
    async with httpx.AsyncClient() as outside:
        answer = await outside.get(away)
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


def browser(app):
    return httpx.AsyncClient(transport=door(app), base_url="http://portal.test")


async def misbehave(issuer: str, how: str) -> None:
    async with httpx.AsyncClient() as outside:
        await outside.post(f"{issuer}/wrong", content=how)


async def asked(client_of, company, issuer, **changes):
    """An administrator asks for it with a second factor proved; gives their client and its answer."""
    client = await client_of(company.administrator)
    await sets_up_an_app(client)
    own = company.administrator.email.rpartition("@")[2]
    body = {"issuer": issuer, "client_id": CLIENT, "client_secret": SECRET, "domain": own} | changes
    return client, await client.put("/api/v1/identity-provider", json=body)


@pytest.fixture
async def own(company, superuser):
    """The domain of the company's people, which is free again afterwards for others of these stories."""
    domain = f"d{new_id().hex[-10:]}.test"
    superuser.execute(
        "update person set email = split_part(email, '@', 1) || substr(id::text, 25) || '@' || %s where id = any(%s)",
        [domain, [person.person for person in company.people.values()]],
    )
    for role, person in company.people.items():
        found = superuser.execute("select email from person where id = %s", [person.person]).fetchone()
        company.people[role] = msgspec.structs.replace(person, email=found[0])
    await with_password(company.administrator)
    with override(oidc_networks=(ip_network("127.0.0.0/8"),)):
        yield domain
