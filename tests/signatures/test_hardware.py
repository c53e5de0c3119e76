"""The key lies on a token and never leaves it: the portal signs with it there, or says that it cannot."""

import asyncio
from typing import Any

import pytest

from portal.platform.settings import override
from portal.signatures import commands
from portal.signatures.authority import authority
from portal.signatures.bringing import Unfit, on_token, take
from portal.signatures.hardware import KeyAway, Place
from portal.signatures.judging import verdict
from portal.signatures.keeping import kept
from tests.harness.banks import proved
from tests.harness.signings import opened_signing
from tests.harness.tokens import PIN, Token
from tests.harness.world import trading_pair
from tests.signatures.test_signing import pdfsig


async def brought_from(token: Token, label: str, **told: Any) -> Any:
    return await asyncio.to_thread(on_token, token.place(label, **told), token.certificates[label])


@pytest.mark.parametrize("label", ["curve", "long"])
async def test_the_portal_signs_with_a_key_that_stays_on_its_token(brought, token, label, tmp_path, superuser):
    company, supplier = await trading_pair()
    signing = await opened_signing(company, supplier)
    await commands.sign(proved(company.buyer), signing.id)
    with override(pkcs11_pin=PIN):
        await take(await brought_from(token, label))
        done = await commands.sign(proved(supplier.order_desk), signing.id)

    found = (await verdict(await kept(done.sha256))).signatures
    assert [(each.holds, each.portal) for each in found] == [(True, True)] * 2
    assert [f"Larkfield {label}" in each.certificate for each in found] == [False, True]
    (tmp_path / "signed.pdf").write_bytes(await kept(done.sha256))
    assert (await asyncio.to_thread(pdfsig, tmp_path / "signed.pdf")).count("Signature is Valid") == 2
    assert (await authority()).signing.key() == token.place(label)
    sealed = superuser.execute("select sealed from signing_key order by generation desc limit 1").fetchone()[0]
    assert PIN.encode() not in bytes(sealed)


async def test_a_token_that_is_away_signs_nothing(brought, token, superuser, tmp_path):
    company, supplier = await trading_pair()
    signing = await opened_signing(company, supplier)
    (tmp_path / "pin").write_text(f"{PIN}\n")
    with override(pkcs11_pin_file=tmp_path / "pin"):
        await take(await brought_from(token, "curve"))
    for settings in ({"pkcs11_pin": "another"}, {}, {"pkcs11_pin_file": tmp_path / "nowhere"}):
        with override(**settings), pytest.raises(KeyAway, match="Nothing was signed"):
            await commands.sign(proved(company.buyer), signing.id)
    assert superuser.execute("select signed, sha256 from signing where id = %s", [signing.id]).fetchone() == (
        0,
        signing.sha256,
    )
    with override(pkcs11_pin_file=tmp_path / "pin"):
        assert (await commands.sign(proved(company.buyer), signing.id)).signed == 1


@pytest.mark.parametrize(
    ("place", "pin", "why"),
    [
        (lambda t: t.place("curve", token="nobody's"), PIN, "no token nobody's"),
        (lambda t: t.place("none"), PIN, "not just one private key none"),
        (lambda t: t.place("long"), PIN, "not that of the certificate|does not answer"),
        (lambda t: t.place("curve"), "another", "does not take this PIN"),
        (lambda t: t.place("curve"), "", "wants a PIN"),
    ],
)
async def test_what_is_not_there_is_refused_with_the_reason(connected, token, place, pin, why, caplog):
    with override(pkcs11_pin=pin), pytest.raises(Unfit, match=why) as refused:
        await asyncio.to_thread(on_token, place(token), token.certificates["curve"])
    assert "another" not in str(refused.value) + caplog.text


async def test_without_a_certificate_the_file_of_one_is_asked_for(connected, token):
    with override(pkcs11_pin=PIN), pytest.raises(Unfit, match="--certificate"):
        await asyncio.to_thread(on_token, token.place("curve"))
    with override(pkcs11_pin=PIN), pytest.raises(Unfit, match="holds no certificates"):
        await asyncio.to_thread(on_token, token.place("curve"), b"-----BEGIN CERTIFICATE-----\nno")


def test_the_place_of_a_key_is_an_address_of_rfc_7512():
    place = Place("/usr/lib/a module.so", "Larkfield; 2", "seal?=ü")
    assert place.address.startswith("pkcs11:token=Larkfield%3B%202;object=seal%3F%3D%C3%BC;type=private?module-path=")
    assert Place.of(place.address) == place
