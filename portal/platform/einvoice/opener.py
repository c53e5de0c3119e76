"""The opener: a process of its own that takes the XML out of one hybrid PDF, and ends.

A hybrid invoice carries its XML as an embedded file of a name that its standard gives: `factur-x.xml` (Factur-X 1, and
ZUGFeRD since 2.1), `zugferd-invoice.xml` (ZUGFeRD 2.0), `xrechnung.xml` (XRechnung in either). Nothing else of the PDF
is read: no page is drawn, no script run. A file that unpacks to more than may be held ends this process alone.
"""

from io import BytesIO
from typing import Any, Final

import msgspec

from portal.platform.bounded import answer_all
from portal.platform.einvoice.reading import MOST_BYTES

MEMORY: Final = 512 * 1024**2  # bytes of address space
NAMES: Final = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")


class Sealed(msgspec.Struct, frozen=True):
    """A PDF as it came."""

    pdf: bytes


class Opened(msgspec.Struct, frozen=True):
    """The XML inside; `error` is `none` if there is none, `locked` by a password, `large`, else `broken`."""

    xml: bytes = b""
    error: str = ""


def main() -> None:
    answer_all(Sealed, lambda: opened, MEMORY)


def opened(sealed: Sealed) -> Opened:
    import pikepdf

    try:
        with pikepdf.open(BytesIO(sealed.pdf)) as pdf:
            xml = _inside(pdf)
    except pikepdf.PasswordError:
        return Opened(error="locked")
    except MemoryError:
        return Opened(error="large")
    except Exception:  # whatever a file does to its reader is a fault of the file
        return Opened(error="broken")
    if not xml:
        return Opened(error="none")
    return Opened(xml) if len(xml) <= MOST_BYTES else Opened(error="large")


def _inside(pdf: Any) -> bytes:
    """The first embedded file of a known name, however its letters are cased."""
    files = {name.lower(): file for name, file in pdf.attachments.items()}
    found = next((files[name] for name in NAMES if name in files), None)
    return b"" if found is None else found.get_file().read_bytes()


if __name__ == "__main__":
    main()
