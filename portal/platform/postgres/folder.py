"""What may be in a data folder before PostgreSQL touches it.

Only a folder that this portal made, undamaged and of our major version, is ever started: a wrong guess here would
be somebody's data.
"""

from pathlib import Path

MAJOR = 18
MARKER = "procurement-portal"  # a file inside every cluster that the portal made
ESSENTIAL = ("global/pg_control", "base", "pg_wal", "pg_xact", "postgresql.conf", "pg_hba.conf")


class DataFolderRefused(Exception):
    """The data folder cannot be used; the message says why and what to do, in one sentence for a person."""


def is_fresh(folder: Path) -> bool:
    """Whether a new cluster may be made at `folder`; refuses all that is neither new nor a sound cluster of ours."""
    if not folder.exists() and not folder.is_symlink():
        return True
    if not folder.is_dir():
        raise DataFolderRefused(f"The data folder {folder} is not a folder: name another.")
    names = sorted(path.name for path in _entries(folder))
    if not names:
        return True
    if "PG_VERSION" in names:
        _refuse_other_major(folder)
    if MARKER not in names:
        raise DataFolderRefused(
            f"The data folder {folder} was not made by the portal (it holds {', '.join(names[:3])}"
            f"{', …' if len(names) > 3 else ''}): name an empty folder, or move these things away."
        )
    missing = [name for name in ("PG_VERSION", *ESSENTIAL) if not (folder / name).exists()]
    if missing:
        raise DataFolderRefused(
            f"The data folder {folder} is damaged ({', '.join(missing)} missing): "
            "restore a backup into an empty folder."
        )
    return False


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise DataFolderRefused(f"The data folder {folder} cannot be read: {error.strerror}.") from error


def _refuse_other_major(folder: Path) -> None:
    try:
        major = int((folder / "PG_VERSION").read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise DataFolderRefused(
            f"The data folder {folder} is damaged (PG_VERSION is unreadable): restore a backup into an empty folder."
        ) from error
    if major > MAJOR:
        raise DataFolderRefused(
            f"The data folder {folder} was made by PostgreSQL {major}, this portal brings {MAJOR}: "
            "start it with the newer portal that made it."
        )
    if major < MAJOR:
        raise DataFolderRefused(
            f"The data folder {folder} was made by PostgreSQL {major}, this portal brings {MAJOR}: "
            "back it up with the older portal and restore the backup into an empty folder."
        )
