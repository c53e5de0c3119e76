"""Both sides read one log, and each keeps to itself what is its own: internal fields, and what is about a person."""

import hashlib
from types import MappingProxyType
from typing import Any

import pytest

from portal.access.commands import set_password, sign_in
from portal.audit.sides import Sides
from portal.invoicing import commands as invoices
from portal.messaging import commands as messaging
from portal.orders import commands as orders
from portal.orders.forms import OrderEdit
from portal.platform.actor import Actor
from portal.platform.canonical import canonical, commit
from portal.platform.convert import convert
from portal.platform.ids import new_id
from tests.harness.invoices import billed, delivered_order, lines_of, submitted_invoice
from tests.harness.pages import Page
from tests.harness.world import draft_order, issued_order, trading_pair

ENTRIES = "/api/v1/audit-entries"
PASSWORD = "a long sentence of one's own"


async def entries_of(client: Any, thing: object, event: str) -> list[Any]:
    page = (await client.get(ENTRIES, params={"object": str(thing), "event": event})).json()
    assert all(entry["intact"] for entry in page["items"])
    return page["items"]


async def test_an_owners_auditor_reads_what_became_of_internal_fields(client_of):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier, internal_note="first thought", cost_centre="CC-1")
    await orders.edit(company.requester, order.id, convert(OrderEdit, {"internal_note": "budget is nearly gone"}))
    client = await client_of(company.auditor)

    (entry,) = await entries_of(client, order.id, "purchase-order.edited")
    change = next(change for change in entry["changes"] if change["table"] == "purchase_order")
    assert (change["before"]["internal_note"], change["after"]["internal_note"]) == (
        "first thought",
        "budget is nearly gone",
    )
    assert change["internal"] == ["internal_note"]
    page = Page(await client.get(f"/audit/{entry['id']}"))
    assert "internal note Internal first thought budget is nearly gone" in page.text


async def test_the_other_side_reads_the_same_entry_without_them(client_of):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier, internal_note="we would pay more", cost_centre="CC-7")
    theirs = await client_of(supplier.auditor)

    (entry,) = await entries_of(theirs, order.id, "purchase-order.issued")

    assert all(change["internal"] == [] for change in entry["changes"])
    for answer in (await theirs.get(f"{ENTRIES}/{entry['id']}"), await theirs.get(f"/audit/{entry['id']}")):
        assert answer.status_code == 200
        assert "we would pay more" not in answer.text
        assert "CC-7" not in answer.text


async def test_why_a_payable_took_a_difference_is_read_by_its_own_auditor_alone(client_of):
    company, supplier, order = await delivered_order()
    dearer = billed((await lines_of(company.buyer, order.id))[0], unit_price="13.00")
    invoice = await submitted_invoice(supplier, order, dearer)
    await invoices.approve(company.payable, invoice.id, "Agreed by telephone")
    found = await entries_of(await client_of(company.auditor), order.id, "invoice.exceptions-accepted")

    assert "Agreed by telephone" in str(found[0]["changes"])
    everything = await (await client_of(supplier.auditor)).get(ENTRIES, params={"object": str(order.id)})
    assert "Agreed by telephone" not in everything.text


@pytest.mark.parametrize(
    "tamper",
    ["update audit_private set body = '[]' where entry_id = %s", "delete from audit_private where entry_id = %s"],
)
async def test_a_private_side_that_was_changed_or_taken_away_is_found(client_of, superuser, tamper):
    company, supplier = await trading_pair()
    order = await draft_order(company, supplier, internal_note="first thought")
    client = await client_of(company.auditor)
    (entry,) = await entries_of(client, order.id, "purchase-order.created")

    superuser.execute("set session_replication_role = replica")
    superuser.execute(tamper, [entry["id"]])
    superuser.execute("set session_replication_role = origin")

    assert not (await client.get(f"{ENTRIES}/{entry['id']}")).json()["intact"]


async def test_where_somebody_signed_in_from_is_sealed_with_their_key(client_of, superuser):
    company, _supplier = await trading_pair()
    await set_password(Actor.system(company.id), company.buyer.person, PASSWORD)
    await sign_in(company.buyer.email, PASSWORD, address="203.0.113.77")
    client, person = await client_of(company.auditor), company.buyer.person_id

    (entry,) = await entries_of(client, person, "session.opened")
    assert entry["data"]["address"] == "203.0.113.77"
    kept = "select count(*) from audit_entry where body::text like '%%203.0.113.77%%' and subject_id = %s"
    assert superuser.execute(kept, [person]).fetchone() == (0,)

    superuser.execute("delete from person_key where person_id = %s", [person])
    (erased,) = await entries_of(client, person, "session.opened")
    assert "203.0.113.77" not in str(erased)


async def test_a_mail_servers_reason_which_names_an_address_is_sealed_too(superuser, monkeypatch):
    company, supplier = await trading_pair()
    order = await issued_order(company, supplier)
    about = {"event": "purchase-order.issued", "about": order.id}
    await messaging.notify(Actor.system(company.id), **about)
    row: Any = superuser.execute("select id from mail_message where organisation_id = %s", [supplier.id]).fetchone()

    async def refuse(*_given: object) -> None:
        raise messaging.Undeliverable("the address was refused: <desk@example.test> unknown")

    monkeypatch.setattr(messaging, "deliver", refuse)
    await messaging.send(Actor.system(supplier.id), row[0])

    told = "select count(*), count(*) filter (where body::text like '%%desk@example.test%%') from audit_entry "
    told += "where event = 'mail.given-up' and subject_id = %s"
    assert superuser.execute(told, [row[0]]).fetchone() == (1, 0)


def test_an_entry_of_the_first_days_still_proves_its_owners_side():
    owner, reader = new_id(), new_id()
    text, salt = canonical([{"table": "t", "id": "1", "before": {}, "after": {"note": "n"}}]), bytes(16)
    body = {"data": {}, "rows": [], "private": hashlib.sha256(salt + text).hexdigest()}
    said = dict.fromkeys(
        ("id", "at", "organisation_id", "actor_id", "actor_kind", "owner_id", "shown_to", "event", "subject_kind",
         "subject_id", "subject", "root_id", "request_id")
    ) | {"owner_id": owner}  # fmt: skip
    leaf = commit(salt, canonical(said | {"body": body}))
    record = MappingProxyType(said | {"body": canonical(body).decode(), "salt": salt, "leaf": leaf})

    assert Sides(record, {"salt": salt, "body": text.decode()}, owner).intact
    assert not Sides(record, None, owner).intact
    assert Sides(record, None, reader).intact
