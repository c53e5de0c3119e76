"""Headers that keep a browser on our side: on every answer, also on errors, through Litestar's `before_send`.

The policy allows our own files and nothing else: no inline script, no inline style, no other host. Private answers are
never stored. Browsers are told to insist on https only when the portal's public address is https.
"""

import re

from litestar.types import Message, Scope

from portal.platform.settings import settings
from portal.web.addresses import holds_secret
from portal.web.assets import PREFIX

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
PRIVATE = {b"cache-control": b"no-store"}
# What strangers sent is shut in, wherever somebody opens it: no script, no form, no page around it.
SHUT_IN = {b"content-security-policy": b"sandbox; default-src 'none'; frame-ancestors 'none'"}
FILES = re.compile(r"/files/[^/]+(?:/preview)?|/api/v1/files/[^/]+/content")
# The address of such a page opens something: the next request names this site as where it comes from, and no page.
UNNAMED = {b"referrer-policy": b"strict-origin"}
INSIST = {b"strict-transport-security": b"max-age=31536000; includeSubDomains"}


async def secure(message: Message, scope: Scope) -> None:
    """Add them as an answer starts; they win over what a handler set, but for a static file's own caching."""
    if message["type"] != "http.response.start" or scope["type"] != "http":
        return
    ours = ALWAYS | (INSIST if str(settings().url).startswith("https://") else {})
    if not scope["path"].startswith(PREFIX + "/"):
        ours |= PRIVATE
    if message["status"] < 300 and scope["method"] == "GET" and FILES.fullmatch(scope["path"]):
        ours |= SHUT_IN
    if holds_secret(scope):
        ours |= UNNAMED
    kept = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in ours]
    message["headers"] = [*kept, *ours.items()]
