"""Where the files lie that are not code: inside the installed package, or beside it in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
INSIDE = {"locales": "locales", "static": "web/static", "fonts": "web/static/vendor/fonts"}
BESIDE = ("policies", "templates", "migrations")


def resource(name: str, package: Path = PACKAGE) -> Path:
    """The folder of that name: one of INSIDE, which the package always holds, or of BESIDE.

    A wheel carries the latter under `_bundled/`; a checkout has them next to the package, and an editable install
    reads them there, so that a change is seen at once. Another name is a programmer's mistake: KeyError.
    """
    if name in BESIDE:
        bundled = package / "_bundled" / name
        return bundled if bundled.is_dir() else package.parent / name
    return package / INSIDE[name]
