"""Signatures in a browser: checking a document without an account, and the portal's certificates."""

from litestar import Router

from portal.platform.i18n import _
from portal.platform.wiring import MenuEntry, Subject
from portal.signatures.pages import certificates, outside, queues, signings, verify
from portal.signatures.queries import OPEN

MENU = [MenuEntry(_("Signatures"), signings.AT, "signature", "signatures:read", 47)]
SUBJECTS = {
    "signing": Subject(_("Document to be signed"), signings.AT + "/{id}", "signatures:read"),
    "signatory": Subject(_("Signature"), signings.AT, "signatures:read"),
}
NARROWINGS = {"signing": OPEN}
QUEUES = queues.QUEUES

router = Router("/", route_handlers=[*verify.HANDLERS, *certificates.HANDLERS, *signings.HANDLERS, *outside.HANDLERS])
