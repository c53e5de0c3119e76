"""The certificates that the portal signs with, for everybody who checks a signature."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from litestar import Response, get
from litestar.params import FromPath

from portal.access.guards import public
from portal.platform.refusals import NotFound
from portal.signatures.authority import Certified, authority, certificates
from portal.web import page
from portal.web.downloads import named

AT = "/certificates"


class Shown(NamedTuple):
    """A certificate as people compare it: whose, by whom, how long, and its fingerprint in pairs of digits."""

    kind: str
    subject: str
    issuer: str
    valid_from: datetime
    valid_until: datetime
    fingerprint: str
    plain: str
    is_over: bool


@get(AT, guards=[public], include_in_schema=False)
async def show() -> Response[Any]:
    """What the portal signs with now, and what it signed with before."""
    await authority()
    return page("signatures/certificates.html", shown=[_shown(each) for each in await certificates()])


@get(f"{AT}/{{fingerprint:str}}", guards=[public], include_in_schema=False)
async def download(fingerprint: FromPath[str]) -> Response[Any]:
    """One of them as a PEM file."""
    wanted = fingerprint.removesuffix(".pem").lower()
    for each in await certificates():
        if each.certificate.fingerprint(hashes.SHA256()).hex() == wanted:
            pem = each.certificate.public_bytes(Encoding.PEM)
            headers = named(f"{each.kind}-{wanted[:12]}.pem", attached=True)
            return Response(pem, media_type="application/x-pem-file", headers=headers)
    raise NotFound()


def _shown(each: Certified) -> Shown:
    made = each.certificate
    plain = made.fingerprint(hashes.SHA256()).hex()
    return Shown(
        *(each.kind, _common(made.subject), _common(made.issuer), made.not_valid_before_utc, made.not_valid_after_utc),
        " ".join(plain[at : at + 4].upper() for at in range(0, len(plain), 4)),
        plain,
        made.not_valid_after_utc < datetime.now(UTC),
    )


def _common(name: Any) -> str:
    return ", ".join(str(part.value) for part in name)


HANDLERS = [show, download]
