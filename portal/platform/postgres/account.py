"""Who runs PostgreSQL: ourselves, or, because it refuses to run as root, an unprivileged user of the machine."""

import os
import pwd
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from portal.platform.postgres.folder import DataFolderRefused

PREFERRED = ("procurement-portal", "postgres", "nobody", "daemon", "bin")


class RunAs(TypedDict, total=False):
    """The arguments of `subprocess` that name a user."""

    user: int
    group: int
    extra_groups: tuple[int, ...]


@dataclass(frozen=True)
class Account:
    """A user of the machine; `drops` when we are root and must become it."""

    name: str
    uid: int
    gid: int
    drops: bool

    def process(self) -> RunAs:
        """What `subprocess` needs to run a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": ()} if self.drops else {}

    def own(self, path: Path) -> None:
        if self.drops:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def reaches(self, paths: Iterable[Path], how: int) -> bool:
        """Whether this account may use the paths (`how` as in os.access), asked of the kernel by becoming it."""
        if not self.drops:
            return all(os.access(path, how) for path in paths)
        child = os.fork()
        if child == 0:
            answer = 1
            try:
                os.setgroups([])
                os.setgid(self.gid)
                os.setuid(self.uid)
                answer = 0 if all(os.access(path, how) for path in paths) else 1
            finally:
                os._exit(answer)
        return os.waitpid(child, 0)[1] == 0


def account_for(folder: Path) -> Account:
    """The account for the cluster in `folder`, which need not exist yet.

    As root an existing folder keeps the user who owns it, so that installing another user later changes nothing;
    initdb needs a user with an entry in passwd.
    """
    if os.getuid() != 0:
        return _ourselves(folder)
    owner = _owner(folder)
    named = (owner, *PREFERRED) if owner else PREFERRED
    for name in named:
        found = _look_up(name)
        if found and found.pw_uid != 0:
            return Account(found.pw_name, found.pw_uid, found.pw_gid, drops=True)
    raise DataFolderRefused(
        "PostgreSQL does not run as root, and this machine has no unprivileged user for it: "
        "create one with 'useradd --system procurement-portal'."
    )


def _ourselves(folder: Path) -> Account:
    me = os.getuid()
    if folder.exists() and folder.stat().st_uid != me:
        raise DataFolderRefused(
            f"The data folder {folder} belongs to {_owner(folder) or 'another user'}: run the portal as that user, "
            "or name another folder."
        )
    return Account(_name(me), me, os.getgid(), drops=False)


def _owner(folder: Path) -> str | None:
    return _name(folder.stat().st_uid) if folder.exists() else None


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _look_up(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
