"""Policies that processes loaded, as the database keeps them: each with a mark that needs the key ring.

Whoever writes to the database as the portal does can note a policy that was never loaded; its mark says that no process
of the portal did.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from portal.platform.canonical import canonical
from portal.platform.marking import is_marked, keys, mark


def mark_of(digest: str, release: str, rules: Sequence[str]) -> bytes:
    """By the newest key of the ring."""
    return mark(_leaf(digest, release, rules))


def is_genuine(row: Any) -> bool:
    """Whether a process of the portal noted it. What has no mark has none to show for it: not even a load of a release
    that made none passes, or taking marks away would make anything genuine."""
    return is_marked(_leaf(row["digest"], row["release"], row["rules"]), row["mark"], keys())


def _leaf(digest: str, release: str, rules: Sequence[str]) -> bytes:
    return hashlib.sha256(canonical([digest, release, list(rules)])).digest()
