"""A key of the ring is replaced: all that was sealed with the old one opens with the new one alone."""

import secrets
from pathlib import Path

import pytest

from portal.access.commands.ring import reseal
from portal.access.loads import is_genuine, mark_of
from portal.platform import vault
from portal.platform.ids import new_id
from portal.platform.keyring import FILE, add_key, key_ring
from portal.platform.settings import override, settings
from tests.harness import cluster
from tests.harness.certificates import PASSWORD
from tests.harness.identity import sets_up_an_app, signs_in, with_password
from tests.harness.tokens import PIN
from tests.harness.world import buying_company


async def test_second_factors_providers_and_peoples_keys_open_with_the_new_key_alone(
    turned, client_of, anonymous, superuser
):
    company = await buying_company()
    await with_password(company.buyer)
    phone = await sets_up_an_app(await client_of(company.buyer))
    provider = new_id()
    superuser.execute(
        "insert into identity_provider (id, organisation_id, issuer, client_id, domain, created_at) "
        "values (%(id)s, %(company)s, 'https://login.example.test', 'portal', %(id)s::text, now())",
        {"id": provider, "company": company.id},
    )
    theirs = vault.seal_secret(f"oidc {provider}", "their own secret")
    superuser.execute("insert into identity_provider_secret values (%s, %s, %s)", [provider, company.id, theirs])
    proposal = superuser.execute(
        "insert into setting_version (organisation_id, kind, subject_id, subject_name, value, effective_from, state, "
        "way, reason, created_at) values (%s, 'identity-provider', %s, '', '{}', current_date, 'proposed', 'checked', "
        "'', now()) returning id",
        [company.id, provider],
    ).fetchone()[0]
    waiting = vault.seal_secret(f"oidc-proposal {proposal}", "what waits")
    superuser.execute(
        "insert into proposed_provider_secret values (%s, %s, %s, %s)", [proposal, provider, company.id, waiting]
    )
    sealed = _rows(superuser, "select count(*) from portal.sealed_secrets()")[0][0]

    fresh, done = await turned()

    assert done == sealed
    with override(secret_keys=(fresh,)):
        answer = await signs_in(anonymous, company.buyer, phone.code())
        assert answer.status_code == 201, answer.text
        kept = "select sealed from identity_provider_secret where provider_id = %s"
        assert vault.open_secret(f"oidc {provider}", _rows(superuser, kept, provider)[0][0]) == "their own secret"
        kept = "select sealed from proposed_provider_secret where setting_id = %s"
        assert vault.open_secret(f"oidc-proposal {proposal}", _rows(superuser, kept, proposal)[0][0]) == "what waits"
        entries = await (await client_of(company.auditor)).get("/api/v1/audit-entries?limit=200")
        assert "(unreadable)" not in entries.text


async def test_policies_that_were_loaded_before_stay_known_and_those_without_a_mark_are_not(turned, superuser):
    said = ("f" * 64, "before the key was turned", ["buyer, any, orders, read, allow, "])
    noted = "select portal.note_policy(uuidv7(), now(), %s, %s, %s, '{}', '{}', %s)"
    superuser.execute(noted, [*said, mark_of(*said)])
    superuser.execute(
        "insert into policy_load (digest, release, rules, added, removed) "
        "select repeat('e', 64), release, rules, '{}', '{}' from policy_load where digest = %s",
        [said[0]],
    )
    fresh, _done = await turned()
    loads = superuser.execute("select digest, release, rules, mark from policy_load where release = %s", [said[1]])
    named = [dict(zip(("digest", "release", "rules", "mark"), row, strict=True)) for row in loads.fetchall()]
    with override(secret_keys=(fresh,)):
        assert {row["digest"][0]: is_genuine(row) for row in named} == {"f": True, "e": False}
    superuser.execute("delete from policy_load where release = %s", [said[1]])


SEALED = "select md5(string_agg(sealed::text, '' order by kind, id)) from portal.sealed_secrets()"


async def test_nothing_is_sealed_anew_while_something_cannot_be_opened(connected, superuser):
    await buying_company()
    before = _rows(superuser, SEALED)

    with override(secret_keys=(secrets.token_urlsafe(32),)), pytest.raises(vault.KeyLost, match="bring back"):
        await reseal(str(settings().owner_url))

    after = _rows(superuser, SEALED)
    assert before == after


def test_a_new_key_goes_in_front_of_those_in_the_file(tmp_path):
    with override(data=tmp_path, secret_keys=()):
        old = key_ring()
        ring = add_key(tmp_path / FILE)
        assert (ring[1:], key_ring()) == (old, ring)
        assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def _rows(superuser, sql, *values):
    return superuser.execute(sql, values).fetchall()


def test_the_command_says_what_it_did_and_what_is_left_to_do(portal, database, tmp_path):
    where = {
        "PORTAL_DATABASE_URL": cluster.url("portal_app", database),
        "PORTAL_OWNER_URL": cluster.url("portal_owner", database),
        "PORTAL_DATA": str(tmp_path),
    }
    told = portal("keys", "rotate", **where, PORTAL_SECRET_KEYS=cluster.RING)

    assert told.code == 0, told.err
    assert "sealed with the newest of 1 keys" in told.out + told.err
    assert "Traceback" not in told.err


def test_a_certificate_of_another_authority_is_taken_with_its_password(operator, tmp_path: Path, brought):
    (tmp_path / "own.p12").write_bytes(brought)
    command = ("keys", "sign-with", str(tmp_path / "own.p12"), "--json", "--password")
    refused, told = operator(*command, "wrong"), operator(*command, PASSWORD)

    assert (refused.code, "password is another" in refused.err) == (1, True)
    assert (told.code, told.facts["subject"]) == (0, "CN=Larkfield Seal"), told.err


def test_a_key_in_hardware_is_named_by_module_token_and_label(operator, tmp_path: Path, brought, token, monkeypatch):
    (tmp_path / "own.pem").write_bytes(token.certificates["curve"])
    command = ("keys", "sign-with", "--module", token.place("curve").module, "--json")
    certified = ("--label", "curve", "--certificate", str(tmp_path / "own.pem"))
    monkeypatch.setenv("PORTAL_PKCS11_PIN", PIN)
    nothing, partly = operator("keys", "sign-with"), operator(*command, "--token", "portal")
    wrong = operator(*command, *certified, "--token", "elsewhere")
    done = operator(*command, *certified, "--token", "portal")

    assert ([nothing.code, partly.code], "There is no token elsewhere" in wrong.err) == ([2, 2], True)
    assert (done.code, done.facts["subject"]) == (0, "CN=Larkfield curve"), done.err
    assert PIN not in wrong.err + done.err + str(done.facts)


BY_NAME = """
select c.relname from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname in ('sealed', 'wrapped', 'data_key')
  and a.atttypid = 'bytea'::regtype and not a.attisdropped
"""


def test_the_ring_turns_with_whatever_is_sealed_anywhere(superuser):
    named = _rows(superuser, "select kind, holder from portal.sealed_column")

    assert {kind for kind, _holder in named} == set(vault.PURPOSES)
    assert {holder for _kind, holder in named} == {holder for (holder,) in _rows(superuser, BY_NAME)}
