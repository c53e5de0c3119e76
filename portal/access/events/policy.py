"""What happens to the access policy: told in the log of the installation, which belongs to no organisation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class LoadSaid:
    """One load of the policy, since when it held, and the SHA-256 over all that its row says.

    `genuine`: whether the row bore the mark of a process of the portal when this was said.
    """

    load_id: UUID
    at: datetime
    sha256: str
    genuine: bool = True


@dataclass(frozen=True)
class PolicyLoaded:
    """A process loaded a policy that was not the newest known: `digest` is over its files, `loads` names its row."""

    code = "access-policy.loaded"
    digest: str
    release: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    loads: tuple[LoadSaid, ...]


@dataclass(frozen=True)
class PoliciesFound:
    """Loads of releases that did not tell the log, as they stood when the first one did."""

    code = "access-policy.found"
    loads: tuple[LoadSaid, ...]
