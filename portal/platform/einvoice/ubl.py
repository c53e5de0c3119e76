"""UBL 2.1 Invoice and CreditNote, as EN 16931 (CEN/TS 16931-3-2) and Peppol BIS Billing 3.0 bind their terms.

The parts that orders and despatch advices share (parties, addresses, periods, taxes) stand first.
"""

from typing import Final

from portal.platform.einvoice.model import (
    Address,
    Adjustment,
    Contact,
    Delivery,
    Identifier,
    Invoice,
    Line,
    Note,
    Party,
    PaymentMeans,
    Period,
    Preceding,
    Tax,
)
from portal.platform.einvoice.syntax import DAY, FLAG, NUMBER, Fixed, Group, Leaf, Many, One, Part, Syntax

OASIS: Final = "urn:oasis:names:specification:ubl:schema:xsd"
COMMON: Final = {"cac": f"{OASIS}:CommonAggregateComponents-2", "cbc": f"{OASIS}:CommonBasicComponents-2"}
INVOICE_NAMESPACE: Final = f"{OASIS}:Invoice-2"
CREDIT_NAMESPACE: Final = f"{OASIS}:CreditNote-2"


def money(path: str, name: str) -> Leaf:
    """An amount in the currency of the document (BT-5)."""
    return Leaf(path, name, NUMBER, {"currencyID": "^currency"})


ADDRESS: Final[list[Part]] = [
    Leaf("cbc:StreetName", "street"),
    Leaf("cbc:AdditionalStreetName", "additional"),
    Leaf("cbc:CityName", "city"),
    Leaf("cbc:PostalZone", "postal_code"),
    Leaf("cbc:CountrySubentity", "region"),
    Leaf("cac:Country/cbc:IdentificationCode", "country"),
]
CONTACT: Final[list[Part]] = [
    Leaf("cbc:Name", "name"),
    Leaf("cbc:Telephone", "phone"),
    Leaf("cbc:ElectronicMail", "email"),
]
PERIOD: Final[list[Part]] = [Leaf("cbc:StartDate", "since", DAY), Leaf("cbc:EndDate", "until", DAY)]
VAT: Final = Fixed("cac:TaxScheme/cbc:ID", "VAT")
NO_VAT: Final = Fixed("cac:TaxScheme/cbc:ID", "TAX")  # a seller's other tax number (BT-32)
IDENTIFIER: Final[list[Part]] = [Leaf("cbc:ID", "value", attributes={"schemeID": "scheme"})]
PARTY: Final[list[Part]] = [
    Leaf("cbc:EndpointID", "endpoint", attributes={"schemeID": "endpoint_scheme"}),
    Many(
        "cac:PartyIdentification",
        "identifiers",
        Identifier,
        [Leaf("cbc:ID", "value", attributes={"schemeID": "scheme"})],
    ),
    Leaf("cac:PartyName/cbc:Name", "trading_name"),
    One("cac:PostalAddress", "address", Address, ADDRESS),
    Group("cac:PartyTaxScheme", [Leaf("cbc:CompanyID", "vat_number"), VAT]),
    Group("cac:PartyTaxScheme", [Leaf("cbc:CompanyID", "tax_number"), NO_VAT]),
    Group(
        "cac:PartyLegalEntity",
        [
            Leaf("cbc:RegistrationName", "name"),
            Leaf("cbc:CompanyID", "registration", attributes={"schemeID": "registration_scheme"}),
            Leaf("cbc:CompanyLegalForm", "legal_form"),
        ],
    ),
    One("cac:Contact", "contact", Contact, CONTACT),
]
ADJUSTMENT: Final[list[Part]] = [
    Leaf("cbc:ChargeIndicator", "charge", FLAG),
    Leaf("cbc:AllowanceChargeReasonCode", "reason_code"),
    Leaf("cbc:AllowanceChargeReason", "reason"),
    Leaf("cbc:MultiplierFactorNumeric", "percent", NUMBER),
    money("cbc:Amount", "amount"),
    money("cbc:BaseAmount", "base"),
]
CATEGORY: Final[list[Part]] = [Leaf("cbc:ID", "category"), Leaf("cbc:Percent", "rate", NUMBER)]
TAX: Final[list[Part]] = [
    money("cbc:TaxableAmount", "base"),
    money("cbc:TaxAmount", "tax"),
    Group(
        "cac:TaxCategory",
        [*CATEGORY, Leaf("cbc:TaxExemptionReasonCode", "reason_code"), Leaf("cbc:TaxExemptionReason", "reason"), VAT],
    ),
]
DELIVERY: Final[list[Part]] = [
    Leaf("cbc:ActualDeliveryDate", "day", DAY),
    One("cac:DeliveryLocation/cac:Address", "address", Address, ADDRESS),
    Leaf("cac:DeliveryParty/cac:PartyName/cbc:Name", "name"),
]
MEANS: Final[list[Part]] = [
    Leaf("cbc:PaymentMeansCode", "code", attributes={"name": "name"}),
    Leaf("cbc:PaymentID", "reference"),
    Group(
        "cac:PayeeFinancialAccount",
        [
            Leaf("cbc:ID", "account"),
            Leaf("cbc:Name", "account_name"),
            Leaf("cac:FinancialInstitutionBranch/cbc:ID", "bank"),
        ],
    ),
]
ITEM: Final[list[Part]] = [
    Leaf("cbc:Description", "description"),
    Leaf("cbc:Name", "name"),
    Leaf("cac:BuyersItemIdentification/cbc:ID", "buyer_item"),
    Leaf("cac:SellersItemIdentification/cbc:ID", "seller_item"),
    Leaf("cac:StandardItemIdentification/cbc:ID", "gtin", attributes={"schemeID": "gtin_scheme"}),
    Group("cac:ClassifiedTaxCategory", [*CATEGORY, VAT]),
]
PRICE: Final[list[Part]] = [
    money("cbc:PriceAmount", "price"),
    Leaf("cbc:BaseQuantity", "base_quantity", NUMBER, {"unitCode": "base_unit"}),
]


def _line(quantity: str) -> list[Part]:
    return [
        Leaf("cbc:ID", "id"),
        Leaf("cbc:Note", "note"),
        Leaf(quantity, "quantity", NUMBER, {"unitCode": "unit"}),
        money("cbc:LineExtensionAmount", "net"),
        One("cac:InvoicePeriod", "period", Period, PERIOD),
        Leaf("cac:OrderLineReference/cbc:LineID", "order_line"),
        Many("cac:AllowanceCharge", "adjustments", Adjustment, ADJUSTMENT),
        Group("cac:Item", ITEM),
        Group("cac:Price", PRICE),
    ]


_BEGINNING: Final[list[Part]] = [
    Leaf("cbc:CustomizationID", "specification"),
    Leaf("cbc:ProfileID", "process"),
    Leaf("cbc:ID", "number"),
    Leaf("cbc:IssueDate", "issue_date", DAY),
]
_FACTS: Final[list[Part]] = [
    Many("cbc:Note", "notes", Note, [Leaf(".", "text")]),
    Leaf("cbc:DocumentCurrencyCode", "currency"),
    Leaf("cbc:TaxCurrencyCode", "tax_currency"),
    Leaf("cbc:AccountingCost", "accounting"),
    Leaf("cbc:BuyerReference", "buyer_reference"),
    One("cac:InvoicePeriod", "period", Period, PERIOD),
    Leaf("cac:OrderReference/cbc:ID", "order"),
    Leaf("cac:OrderReference/cbc:SalesOrderID", "sales_order"),
    Many(
        "cac:BillingReference",
        "preceding",
        Preceding,
        [
            Leaf("cac:InvoiceDocumentReference/cbc:ID", "number"),
            Leaf("cac:InvoiceDocumentReference/cbc:IssueDate", "day", DAY),
        ],
    ),
    Leaf("cac:DespatchDocumentReference/cbc:ID", "despatch_advice"),
    Leaf("cac:ReceiptDocumentReference/cbc:ID", "receipt"),
    Leaf("cac:ContractDocumentReference/cbc:ID", "contract"),
    One("cac:AccountingSupplierParty/cac:Party", "seller", Party, PARTY),
    One("cac:AccountingCustomerParty/cac:Party", "buyer", Party, PARTY),
    One("cac:Delivery", "delivery", Delivery, DELIVERY),
]
_SUMS: Final[list[Part]] = [
    Leaf("cac:PaymentTerms/cbc:Note", "payment_terms"),
    Many("cac:AllowanceCharge", "adjustments", Adjustment, [*ADJUSTMENT, Group("cac:TaxCategory", [*CATEGORY, VAT])]),
    Group(
        "cac:TaxTotal",
        [money("cbc:TaxAmount", "tax"), Many("cac:TaxSubtotal", "taxes", Tax, TAX)],
        having="cac:TaxSubtotal",
    ),
    Group(
        "cac:TaxTotal",
        [Leaf("cbc:TaxAmount", "tax_accounting", NUMBER, {"currencyID": "^tax_currency"})],
        lacking="cac:TaxSubtotal",
    ),
    Group(
        "cac:LegalMonetaryTotal",
        [
            money("cbc:LineExtensionAmount", "lines_net"),
            money("cbc:TaxExclusiveAmount", "net"),
            money("cbc:TaxInclusiveAmount", "gross"),
            money("cbc:AllowanceTotalAmount", "allowances"),
            money("cbc:ChargeTotalAmount", "charges"),
            money("cbc:PrepaidAmount", "prepaid"),
            money("cbc:PayableRoundingAmount", "rounding"),
            money("cbc:PayableAmount", "due"),
        ],
    ),
]
INVOICE: Final = Syntax(
    "Invoice",
    {"": INVOICE_NAMESPACE, **COMMON},
    [
        *_BEGINNING,
        Leaf("cbc:DueDate", "due_date", DAY),
        Leaf("cbc:InvoiceTypeCode", "type_code"),
        *_FACTS,
        Many("cac:PaymentMeans", "payment", PaymentMeans, MEANS),
        *_SUMS,
        Many("cac:InvoiceLine", "lines", Line, _line("cbc:InvoicedQuantity")),
    ],
)
# A credit note has no day of payment of its own, and nobody pays it.
CREDIT_NOTE: Final = Syntax(
    "CreditNote",
    {"": CREDIT_NAMESPACE, **COMMON},
    [
        *_BEGINNING,
        Leaf("cbc:CreditNoteTypeCode", "type_code"),
        *_FACTS,
        Many("cac:PaymentMeans", "payment", PaymentMeans, MEANS),
        *_SUMS,
        Many("cac:CreditNoteLine", "lines", Line, _line("cbc:CreditedQuantity")),
    ],
)


def syntax_of(document: Invoice) -> Syntax:
    return CREDIT_NOTE if document.is_credit else INVOICE
