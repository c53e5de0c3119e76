"""Received files at rest: what a file says lies nowhere in plain bytes, and a ring that turns leaves files alone."""

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from portal.cli import ring
from portal.documents import pressroom
from portal.invoicing.jobs import SEAL
from portal.invoicing.rules.received.filling import filled
from portal.platform import migrations, vault
from portal.platform.einvoice import checking
from portal.platform.einvoice.model import Adjustment, Invoice, Tax
from portal.platform.ids import new_id
from portal.platform.jobs import run
from portal.platform.settings import override, settings
from tests.harness import cluster
from tests.harness.received import INVOICES, brought, carrying, e_traders, edited, own_file
from tests.harness.rings import OTHER

IBAN = "DE89370400440532013000"
SPACED = "DE89 3704 0044 0532 0130 00"
_MEANS = "PaymentMeansCode>"
PAID = (
    f"<cbc:{_MEANS}57</cbc:{_MEANS}",
    f"<cbc:{_MEANS}58</cbc:{_MEANS}<cac:PayeeFinancialAccount><cbc:ID>{IBAN}</cbc:ID></cac:PayeeFinancialAccount>",
)
NOTED = ("<cbc:DocumentCurrencyCode>", f"<cbc:Note>Pay to {SPACED}</cbc:Note><cbc:DocumentCurrencyCode>")
CII = ("<ram:TypeCode>57</ram:TypeCode>", "<ram:TypeCode>58</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount>"
       f"<ram:IBANID>{IBAN}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>")  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def checker() -> Iterator[None]:
    yield
    checking.close()
    pressroom.close()


class Brought(NamedTuple):
    """A file that names an account, as its supplier brought it and reads it."""

    client: Any
    supplier: Any
    id: str
    file: bytes

    @property
    def path(self) -> str:
        return f"{INVOICES}/{self.id}/received"


async def paid_to(client_of, *, pdf: bool = False) -> Brought:
    company, supplier = await e_traders()
    client = await client_of(supplier.billing)
    _order, _first, file = await own_file(client, company, supplier, syntax="cii" if pdf else "ubl")
    file = carrying(edited(file, CII)) if pdf else edited(file, PAID, NOTED)
    answer = await brought(client, file, name=f"{IBAN}.xml")
    assert answer.status_code == 201, answer.text
    return Brought(client, supplier, answer.json()["id"], file)


def told(superuser: psycopg.Connection) -> list[str]:
    """The tables in whose bytes the account stands, as they are dumped: in text, in bytes, in hex."""
    forms = [each.encode() for each in (IBAN, SPACED, IBAN.encode().hex(), SPACED.encode().hex())]
    names = superuser.execute("select schemaname, tablename from pg_tables where schemaname in ('public', 'dramatiq')")
    return [name for schema, name in names.fetchall() if any(map(dump(superuser, schema, name).__contains__, forms))]


def dump(superuser: psycopg.Connection, schema: str, table: str) -> bytes:
    whole = SQL("copy (select * from {}) to stdout (format binary)").format(Identifier(schema, table))
    with superuser.cursor().copy(whole) as copied:
        return b"".join(map(bytes, copied))


def at_rest(superuser: psycopg.Connection, invoice_id: str) -> tuple[bytes, ...]:
    columns = "select data_key, sealed, sealed_xml, size, content, xml from received_invoice where invoice_id = %s"
    return superuser.execute(columns, [invoice_id]).fetchone() or ()


def lay(superuser: psycopg.Connection, kept: Brought, **columns: bytes | None) -> None:
    """Write past all that watches over it, as who owns the database can."""
    changed = SQL(", ").join(SQL("{} = {}").format(Identifier(name), value) for name, value in columns.items())
    with superuser.transaction():
        superuser.execute("set local session_replication_role = replica")
        superuser.execute(SQL("update received_invoice set {} where invoice_id = {}").format(changed, kept.id))


@pytest.mark.parametrize("pdf", [False, True])
async def test_no_dump_of_any_table_says_an_account_that_a_file_names(client_of, superuser, pdf):
    kept = await paid_to(client_of, pdf=pdf)
    assert told(superuser) == []
    assert (await kept.client.get(f"{kept.path}/content")).content == kept.file
    facts = (await kept.client.get(kept.path)).json()
    assert (facts["size"], facts["sha256"]) == (len(kept.file), hashlib.sha256(kept.file).hexdigest())
    assert "•••• 3000" in str(facts["differences"])


async def test_a_ring_that_turns_wraps_the_keys_anew_and_leaves_the_files(client_of, superuser, turned):
    kept = await paid_to(client_of, pdf=True)
    before = at_rest(superuser, kept.id)

    fresh, _done = await turned()

    after = at_rest(superuser, kept.id)
    assert (after[0] == before[0], after[1:]) == (False, before[1:])
    with override(secret_keys=(fresh,)):
        assert (await kept.client.get(f"{kept.path}/content")).content == kept.file
        assert (await kept.client.get(kept.path)).status_code == 200
        await vault.require_ring(str(settings().database_url))


async def test_a_lost_key_is_said_in_words_and_the_invoice_is_there_all_the_same(client_of):
    kept = await paid_to(client_of)
    with override(secret_keys=(OTHER,)):
        for path in (kept.path, f"{kept.path}/content"):
            answer = await kept.client.get(path)
            assert (answer.status_code, "a key that is missing here" in answer.json()["detail"]) == (409, True)
        page = await kept.client.get(f"/invoices/{kept.id}")
        assert (page.status_code, "a key that is missing here" in page.text) == (200, True)
        with pytest.raises(vault.KeyLost, match=r"received-file.*bring back"):
            await vault.require_ring(str(settings().database_url))


async def test_a_file_that_was_changed_or_put_beside_another_invoice_is_not_given_out(client_of, superuser):
    first, second = await paid_to(client_of), await paid_to(client_of)
    own, others = at_rest(superuser, first.id), at_rest(superuser, second.id)
    for key, sealed in ((own[0], others[1]), (others[0], others[1]), (own[0], own[1][:-1] + b"x")):
        lay(superuser, first, data_key=key, sealed=sealed)
        answer = await first.client.get(f"{first.path}/content")
        assert (answer.status_code, first.file in answer.content, second.file in answer.content) == (409, False, False)
    lay(superuser, first, data_key=own[0], sealed=own[1])
    assert (await first.client.get(f"{first.path}/content")).content == first.file


@pytest.mark.parametrize("pdf", [False, True])
async def test_what_a_release_before_kept_is_read_and_sealed_by_a_job(client_of, superuser, pdf):
    kept = await paid_to(client_of, pdf=pdf)
    facts = (await kept.client.get(kept.path)).json()
    xml = vault.open_file(_key(superuser, kept), "xml", at_rest(superuser, kept.id)[2]) if pdf else None
    lay(superuser, kept, content=kept.file, xml=xml, size=None, data_key=None, sealed=None, sealed_xml=None)
    assert told(superuser) == ["received_invoice"]
    assert (await kept.client.get(kept.path)).json() == facts

    for _again in range(2):
        await run(SEAL, organisation_id=str(kept.supplier.id))

    assert told(superuser) == []
    assert at_rest(superuser, kept.id)[4:] == (None, None)
    assert (await kept.client.get(kept.path)).json() == facts
    assert (await kept.client.get(f"{kept.path}/content")).content == kept.file
    entries = "select body::text from audit_entry where event = 'invoice.file-sealed' and subject_id = %s"
    ((said,),) = superuser.execute(entries, [kept.id]).fetchall()
    assert facts["sha256"] in said


def _key(superuser: psycopg.Connection, kept: Brought) -> bytes:
    return vault.unwrap(f"received-file {kept.id}", at_rest(superuser, kept.id)[0])


@pytest.mark.parametrize(
    "change",
    ["sealed = 'x'", "sealed_xml = 'x'", "size = 1", "data_key = 'x'", "content = 'x', sealed = null, data_key = null",
     "sha256 = repeat('0', 64)", "name = 'other'"],
)  # fmt: skip
async def test_what_is_sealed_changes_for_nobody(client_of, superuser, change):
    kept = await paid_to(client_of)
    with psycopg.connect(str(settings().database_url)) as application:
        application.execute("select set_config('portal.organisation', %s, true)", [str(kept.supplier.id)])
        with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)):
            application.execute(f"update received_invoice set {change} where invoice_id = %s".encode(), [kept.id])
    with pytest.raises(psycopg.errors.CheckViolation), superuser.transaction():
        superuser.execute(f"update received_invoice set {change} where invoice_id = %s".encode(), [kept.id])


def test_an_account_in_a_reason_is_not_taken_over_whole():
    charge = Adjustment(charge=True, reason=f"Transfer\nto {SPACED}", amount=Decimal(1))
    said = Invoice(adjustments=(charge,), taxes=(Tax(category="E", reason=f"See {IBAN}, please"),))
    raw = filled(said, [], new_id(), "EUR").raw
    assert raw["charges"][0]["description"] == "Transfer to •••• 3000"
    assert raw["exemption_reason"] == "See •••• 3000, please"


@pytest.fixture
def older(database: str) -> Iterator[str]:
    """A database of the release before files were sealed."""
    name = f"{database}_older"
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)'.encode())
        connection.execute(f'create database "{name}" owner portal_owner'.encode())
        yield name
        connection.execute(f'drop database if exists "{name}" with (force)'.encode())


async def test_a_migrated_row_is_as_it_was_and_the_doctor_counts_it(connected, older, monkeypatch, tmp_path):
    known = await migrations.scripts()
    before = {name: script for name, script in known.items() if name < "2026-11-30T03"}
    url, file = cluster.url("portal_owner", older), b"<Invoice>DE89</Invoice>"

    async def of_then() -> dict[str, str]:
        return before

    with monkeypatch.context() as then:
        then.setattr(migrations, "scripts", of_then)
        await migrations.migrate(url)
    with psycopg.connect(cluster.url("postgres", older)) as superuser:
        superuser.execute("set local session_replication_role = replica")
        superuser.execute(
            "insert into received_invoice select uuidv7(), uuidv7(), 'r.xml', 'application/xml', 'ubl', "
            "encode(sha256(%(file)s), 'hex'), %(file)s, null, true, '[]', '[]', now()", {"file": file},
        )  # fmt: skip
    await migrations.migrate(url)
    with psycopg.connect(cluster.url("postgres", older)) as superuser:
        rows = superuser.execute("select content, xml, size, data_key, sealed from received_invoice").fetchall()
    assert rows == [(file, None, None, None, None)]
    found = ring.examine(tmp_path, cluster.url("portal_app", older), url, None)
    assert {each.what: (each.state, each.found) for each in found} == {
        "Key ring": ("ok", "opens all that was looked at: nothing is sealed"),
        "Files at rest": ("note", "1 received files lie in plain bytes"),
    }
