"""Numbers at rest: sealed with the key ring, and compared by a fingerprint that tells nothing without its own key."""

import hashlib
import hmac
import secrets
from uuid import UUID

from portal.banks.rules import identity
from portal.platform import vault
from portal.platform.ids import new_id
from portal.platform.work import Change, View


def _purpose(account_id: UUID) -> str:
    return vault.PURPOSES["bank-account"].format(id=account_id)


async def keep(change: Change, account_id: UUID, number: str, fingerprint: bytes) -> None:
    """Seal the number of a new version."""
    sealed = vault.seal_secret(_purpose(account_id), number)
    change.sql(
        "insert into bank_account_number (bank_account_id, supplier_id, sealed, fingerprint) values ($1, $2, $3, $4)",
        *(account_id, change.actor.organisation_id, sealed, fingerprint),
    )


async def opened(view: View, account_id: UUID) -> str:
    """The full number; raises `vault.KeyLost` if no key of the ring opens it."""
    sealed = await view.value("select sealed from bank_account_number where bank_account_id = $1", account_id)
    return vault.open_secret(_purpose(account_id), sealed)


async def fingerprint_of(change: Change, country: str, number: str, bank_code: str) -> bytes:
    """Equal for equal accounts. Its key is made once, and sealed with the ring: a ring may turn, this stays."""
    key_id = new_id()
    fresh = vault.seal_secret(vault.PURPOSES["fingerprint-key"].format(id=key_id), secrets.token_hex(32))
    found = await change.one("select * from portal.fingerprint_key($1, $2)", key_id, fresh)
    assert found is not None
    key = vault.open_secret(vault.PURPOSES["fingerprint-key"].format(id=found["id"]), found["sealed"])
    return hmac.new(bytes.fromhex(key), identity(country, number, bank_code).encode(), hashlib.sha256).digest()
