"""An operator brings a certificate of another authority: the portal signs with it, and knows its earlier ones still."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from portal.signatures import commands
from portal.signatures.authority import authority
from portal.signatures.bringing import Unfit, read, take
from portal.signatures.judging import verdict
from portal.signatures.keeping import kept
from tests.harness.banks import proved
from tests.harness.certificates import PASSWORD, certificate, packed
from tests.harness.signings import opened_signing
from tests.harness.world import trading_pair


async def test_the_portal_signs_with_it_and_earlier_signatures_are_still_its_own(connected, brought):
    company, supplier = await trading_pair()
    signing = await opened_signing(company, supplier)
    await commands.sign(proved(company.buyer), signing.id)
    await take(read(brought, PASSWORD))
    done = await commands.sign(proved(supplier.order_desk), signing.id)

    found = (await verdict(await kept(done.sha256))).signatures
    assert [(each.holds, each.portal) for each in found] == [(True, True)] * 2
    assert ["Larkfield Seal" in each.certificate for each in found] == [False, True]
    assert "Authority of the tests" in found[1].issuer
    with pytest.raises(Unfit, match="already"):
        await take(read(brought, PASSWORD))


async def test_when_it_runs_out_the_portal_signs_with_its_own_again(connected, brought, superuser):
    own = (await authority()).signing
    await take(read(brought, PASSWORD))
    assert (await authority()).signing.certificate != own.certificate
    key = ec.generate_private_key(ec.SECP256R1())
    over = certificate("Over", key, begins=-9, ends=-1)
    superuser.execute("set session_replication_role = replica")
    superuser.execute("update signing_key set certificate = %s where kind = 'signing' and generation > %s",
                      [over.public_bytes(Encoding.DER), own.generation])  # fmt: skip
    superuser.execute("reset session_replication_role")
    assert "attests" in (await authority()).signing.certificate.subject.rfc4514_string()


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (lambda: (packed(certificate("Over", _KEY, begins=-9, ends=-1), _KEY), PASSWORD), "not valid today"),
        (lambda: (packed(certificate("TLS", _KEY, signs=False), _KEY), PASSWORD), "nonRepudiation"),
        (lambda: (packed(certificate("Short", _SHORT), _SHORT), PASSWORD), "shorter than 2048"),
        (lambda: (packed(certificate("Good", _KEY), _KEY), "another word"), "the password is another"),
        (lambda: (b"something else", PASSWORD), "no PKCS#12 file"),
        (lambda: (packed(None, None, certificate("Alone", _KEY)), PASSWORD), "certificate and its private key"),
    ],
)
def test_what_the_portal_could_not_sign_with_is_refused_with_the_reason(what, why):
    with pytest.raises(Unfit, match=why):
        read(*what())


_KEY = ec.generate_private_key(ec.SECP256R1())
_SHORT = rsa.generate_private_key(65537, 1024)
