"""An identity provider (OpenID Connect) as a process of its own: who comes is signed in as the address they hint at.

It checks what a provider checks: the client and its secret, where it leads back to, the verifier of PKCE, and that a
code is used once. `POST /wrong` with a word makes its next answer wrong in that way.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "portal", "the secret of the client"
KEYS = {name: RSAKey.generate_key(2048, {"kid": name, "use": "sig"}) for name in ("ours", "strange")}
SAID = "subject "  # a word that begins so: the answer names whom this address is, under the address hinted at
CODES: dict[str, dict[str, str]] = {}
WRONG: list[str] = []


class Provider(BaseHTTPRequestHandler):
    issuer, secret = "", SECRET

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        given = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if asked.path == "/.well-known/openid-configuration":
            addresses = {"authorization_endpoint": "/in", "token_endpoint": "/token", "jwks_uri": "/keys"}
            self.say({"issuer": self.issuer} | {name: self.issuer + path for name, path in addresses.items()})
        elif asked.path == "/keys":
            self.say(KeySet([KEYS["ours"]]).as_dict(private=False))
        elif asked.path == "/in" and given["client_id"] == CLIENT and given["code_challenge_method"] == "S256":
            code = secrets.token_urlsafe(16)
            CODES[code] = given
            self.send_response(302)
            self.send_header(
                "location", f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}"
            )
            self.end_headers()
        else:
            self.say({"error": "not found"}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        if self.path == "/wrong":
            WRONG.append(body)
            self.say({})
            return
        given = {name: values[0] for name, values in parse_qs(body).items()}
        question = CODES.pop(given.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT}:{self.secret.replace(' ', '%20')}".encode()).decode()
        verifier = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if (
            question is None
            or self.headers["authorization"] != f"Basic {known}"
            or given["redirect_uri"] != question["redirect_uri"]
            or base64.urlsafe_b64encode(verifier).decode().rstrip("=") != question["code_challenge"]
        ):
            self.say({"error": "invalid_grant"}, 400)
            return
        self.say({"access_token": "x", "token_type": "Bearer", "id_token": self.token(question)})

    def token(self, question: dict[str, str]) -> str:
        email, now, wrong = question["login_hint"], int(time.time()), WRONG.pop() if WRONG else ""
        named = wrong.removeprefix(SAID) if wrong.startswith(SAID) else email
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "nonce": question["nonce"],
            "sub": hashlib.sha256(named.encode()).hexdigest(),
            "email": email,
            "email_verified": True,
        }
        claims |= {
            "nonce": {"nonce": "another"},
            "audience": {"aud": "somebody-else"},
            "issuer": {"iss": "http://evil.test"},
            "time": {"exp": now - 3600, "iat": now - 7200},
            "unverified": {"email_verified": False},
            "strong": {"amr": ["pwd", "mfa"]},
        }.get(wrong, {})
        if wrong == "none":
            parts = [{"alg": "none", "typ": "JWT"}, claims]
            return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts) + "."
        key = KEYS["strange" if wrong == "key" else "ours"]
        return jwt.encode({"alg": "RS256", "kid": "ours"}, claims, key)

    def say(self, told: Any, status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """It keeps to itself."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    Provider.issuer = f"http://127.0.0.1:{server.server_port}"
    Provider.secret = sys.argv[1] if len(sys.argv) > 1 else SECRET
    sys.stdout.write(f"{Provider.issuer}\n")
    sys.stdout.flush()
    server.serve_forever()
