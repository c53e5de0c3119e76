"""Signatures in a browser: checking a document without an account, and the portal's certificates."""

from litestar import Router

from portal.signatures.pages import certificates, verify

router = Router("/", route_handlers=[*verify.HANDLERS, *certificates.HANDLERS])
