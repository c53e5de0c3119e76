"""What a press works with: versions of the libraries that decide how a page looks, and the fonts that it may use.

The same sheet gives the same bytes as long as all of these are the same; `portal documents again` names what is not.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path

from portal.documents.glyphs import font_files

PACKAGES = ("weasyprint", "pydyf", "tinycss2", "fonttools", "pillow", "pikepdf")


def tools() -> dict[str, str]:
    """Name → version; fonts by a digest of the names and sizes of all that fontconfig offers."""
    from weasyprint.text.ffi import pango

    assert pango is not None, "WeasyPrint is there with its libraries"
    told = {name: version(name) for name in PACKAGES}
    return told | {"pango": str(pango.pango_version()), "fonts": _fonts()}


def _fonts() -> str:
    digest = hashlib.sha256()
    for file in sorted(set(font_files())):
        digest.update(f"{Path(file).name} {Path(file).stat().st_size}\n".encode())
    return digest.hexdigest()[:16]
