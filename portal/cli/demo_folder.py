"""The folder that holds everything of a demo: pg/, documents/, mail/, its keys and its password."""

import json
import secrets
import shutil
from pathlib import Path

from portal.cli.refused import Refused
from portal.platform import private
from portal.platform.keyring import FILE as KEYS

NOTE = "demo.json"  # marks the folder as a demo's and remembers the password that its accounts were made with
OURS = ("pg", "documents", "mail", "audit")
IGNORED = {"lost+found"}


def claim(folder: Path) -> None:
    """Make the folder a demo's own; one that holds other things is refused, so that nobody's files get mixed in."""
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is not a folder: name another by --data.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = sorted({path.name for path in folder.iterdir()} - IGNORED)
        if names and not is_a_demos(folder):
            raise Refused(
                f"{folder} is not a demo's folder (it holds {', '.join(names[:3])}{', …' if len(names) > 3 else ''}): "
                "name an empty one by --data."
            )
        if not any((folder / "pg").glob("*")):
            _write(folder, _read(folder) | {"unfinished": "yes"})
        elif not (folder / NOTE).exists():
            _write(folder, {})
        for name in OURS[1:]:
            (folder / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder} cannot be used: {error.strerror or error}.") from error


def clear(folder: Path) -> None:
    """Take away everything of an earlier demo, and nothing else; refused while that demo runs."""
    if not folder.exists():
        return
    if not is_a_demos(folder):
        if any(folder.iterdir()):
            raise Refused(f"{folder} is not a demo's folder, so --reset leaves it alone: name another by --data.")
        return
    from portal.platform.postgres import remove

    remove(folder / "pg")
    for name in OURS[1:]:
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / KEYS).unlink(missing_ok=True)
    _write(folder, {})


def password(folder: Path, given: str | None) -> str:
    """The password of the demo's accounts: the one they were made with, else as given now, else a new one."""
    note = _read(folder)
    known = note.get("password")
    if known and given and given != known:
        raise Refused(
            f"The accounts of the demo in {folder} have another password already: leave --password out to keep it, "
            "change it by 'portal users password', or start afresh by --reset."
        )
    chosen = known or given or secrets.token_urlsafe(12)
    _write(folder, note | {"password": chosen})
    return chosen


def known_password(folder: Path) -> str | None:
    """The password of the demo in this folder, if it is a demo's."""
    return _read(folder).get("password")


def take_over(folder: Path, known: str) -> None:
    """The folder is a demo's from now on, whose accounts have this password."""
    for name in OURS[1:]:
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(folder, {"password": known})


def is_a_demos(folder: Path) -> bool:
    """Whether a demo made this folder its own."""
    return (folder / NOTE).is_file()


def is_unfinished(folder: Path) -> bool:
    """Whether an earlier start ended before its company was whole: half a company is worth nothing."""
    return "unfinished" in _read(folder)


def finish(folder: Path) -> None:
    """The company is whole; from now on its data are kept."""
    note = _read(folder)
    if note.pop("unfinished", None):
        _write(folder, note)


def _read(folder: Path) -> dict[str, str]:
    try:
        note = json.loads((folder / NOTE).read_bytes())
    except OSError:
        return {}
    except ValueError:
        note = None
    if not isinstance(note, dict) or not all(isinstance(value, str) for value in note.values()):
        raise Refused(f"{folder / NOTE} is damaged: bring it back as it was, or start afresh by --reset.")
    return note


def _write(folder: Path, note: dict[str, str]) -> None:
    private.write(folder / NOTE, json.dumps(note).encode())
