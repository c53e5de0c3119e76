"""Where the files that are not code lie: inside the wheel under `_bundled/`, or beside the package in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource(name: str) -> Path:
    """The folder `policies`, `templates`, `migrations` or `locales`."""
    if name == "locales":
        return _PACKAGE / name
    bundled = _PACKAGE / "_bundled" / name
    return bundled if bundled.exists() else _PACKAGE.parent / name
