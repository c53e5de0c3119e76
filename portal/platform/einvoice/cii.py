"""UN/CEFACT Cross Industry Invoice D16B as Factur-X 1 takes it in its EN 16931 profile (CEN/TS 16931-3-3)."""

from typing import Final

from portal.platform.einvoice.model import (
    Address,
    Adjustment,
    Contact,
    Delivery,
    Identifier,
    Line,
    Note,
    Party,
    PaymentMeans,
    Period,
    Preceding,
    Tax,
)
from portal.platform.einvoice.syntax import DAY_102, FLAG, NUMBER, Fixed, Group, Leaf, Many, One, Part, Syntax

STANDARD: Final = "urn:un:unece:uncefact:data:standard"
NAMESPACE: Final = f"{STANDARD}:CrossIndustryInvoice:100"
NAMES: Final = {
    "rsm": NAMESPACE,
    "ram": f"{STANDARD}:ReusableAggregateBusinessInformationEntity:100",
    "qdt": f"{STANDARD}:QualifiedDataType:100",
    "udt": f"{STANDARD}:UnqualifiedDataType:100",
}
VAT: Final = Fixed("ram:TypeCode", "VAT")


def day(path: str, name: str) -> Leaf:
    return Leaf(f"{path}/udt:DateTimeString", name, DAY_102, {"format": "=102"})


def amount(path: str, name: str) -> Leaf:
    """In the document's currency (BT-5), which CII does not repeat."""
    return Leaf(path, name, NUMBER)


ADDRESS: Final[list[Part]] = [
    Leaf("ram:PostcodeCode", "postal_code"),
    Leaf("ram:LineOne", "street"),
    Leaf("ram:LineTwo", "additional"),
    Leaf("ram:CityName", "city"),
    Leaf("ram:CountryID", "country"),
    Leaf("ram:CountrySubDivisionName", "region"),
]
PARTY: Final[list[Part]] = [
    Many("ram:GlobalID", "identifiers", Identifier, [Leaf(".", "value", attributes={"schemeID": "scheme"})]),
    Leaf("ram:Name", "name"),
    Leaf("ram:Description", "legal_form"),
    Group(
        "ram:SpecifiedLegalOrganization",
        [
            Leaf("ram:ID", "registration", attributes={"schemeID": "registration_scheme"}),
            Leaf("ram:TradingBusinessName", "trading_name"),
        ],
    ),
    One(
        "ram:DefinedTradeContact",
        "contact",
        Contact,
        [
            Leaf("ram:PersonName", "name"),
            Leaf("ram:TelephoneUniversalCommunication/ram:CompleteNumber", "phone"),
            Leaf("ram:EmailURIUniversalCommunication/ram:URIID", "email"),
        ],
    ),
    One("ram:PostalTradeAddress", "address", Address, ADDRESS),
    Leaf("ram:URIUniversalCommunication/ram:URIID", "endpoint", attributes={"schemeID": "endpoint_scheme"}),
    Group("ram:SpecifiedTaxRegistration", [Leaf("ram:ID", "tax_number", attributes={"schemeID": "=FC"})]),
    Group("ram:SpecifiedTaxRegistration", [Leaf("ram:ID", "vat_number", attributes={"schemeID": "=VA"})]),
]
ADJUSTMENT: Final[list[Part]] = [
    Leaf("ram:ChargeIndicator/udt:Indicator", "charge", FLAG),
    Leaf("ram:CalculationPercent", "percent", NUMBER),
    amount("ram:BasisAmount", "base"),
    amount("ram:ActualAmount", "amount"),
    Leaf("ram:ReasonCode", "reason_code"),
    Leaf("ram:Reason", "reason"),
]
CATEGORY: Final[list[Part]] = [
    VAT,
    Leaf("ram:CategoryCode", "category"),
    Leaf("ram:RateApplicablePercent", "rate", NUMBER),
]
TAX: Final[list[Part]] = [
    amount("ram:CalculatedAmount", "tax"),
    VAT,
    Leaf("ram:ExemptionReason", "reason"),
    amount("ram:BasisAmount", "base"),
    Leaf("ram:CategoryCode", "category"),
    Leaf("ram:ExemptionReasonCode", "reason_code"),
    Leaf("ram:RateApplicablePercent", "rate", NUMBER),
]
PERIOD: Final[list[Part]] = [day("ram:StartDateTime", "since"), day("ram:EndDateTime", "until")]
LINE: Final[list[Part]] = [
    Leaf("ram:AssociatedDocumentLineDocument/ram:LineID", "id"),
    Leaf("ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content", "note"),
    Group(
        "ram:SpecifiedTradeProduct",
        [
            Leaf("ram:GlobalID", "gtin", attributes={"schemeID": "gtin_scheme"}),
            Leaf("ram:SellerAssignedID", "seller_item"),
            Leaf("ram:BuyerAssignedID", "buyer_item"),
            Leaf("ram:Name", "name"),
            Leaf("ram:Description", "description"),
        ],
    ),
    Group(
        "ram:SpecifiedLineTradeAgreement",
        [
            Leaf("ram:BuyerOrderReferencedDocument/ram:LineID", "order_line"),
            amount("ram:NetPriceProductTradePrice/ram:ChargeAmount", "price"),
            Leaf("ram:NetPriceProductTradePrice/ram:BasisQuantity", "base_quantity", NUMBER, {"unitCode": "base_unit"}),
        ],
    ),
    Leaf("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", "quantity", NUMBER, {"unitCode": "unit"}),
    Group(
        "ram:SpecifiedLineTradeSettlement",
        [
            Group("ram:ApplicableTradeTax", CATEGORY),
            One("ram:BillingSpecifiedPeriod", "period", Period, PERIOD),
            Many("ram:SpecifiedTradeAllowanceCharge", "adjustments", Adjustment, ADJUSTMENT),
            amount("ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", "net"),
        ],
    ),
]
DELIVERY: Final[list[Part]] = [
    Leaf("ram:ShipToTradeParty/ram:Name", "name"),
    One("ram:ShipToTradeParty/ram:PostalTradeAddress", "address", Address, ADDRESS),
    day("ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime", "day"),
]
_AGREEMENT: Final[list[Part]] = [
    Leaf("ram:BuyerReference", "buyer_reference"),
    One("ram:SellerTradeParty", "seller", Party, PARTY),
    One("ram:BuyerTradeParty", "buyer", Party, PARTY),
    Leaf("ram:SellerOrderReferencedDocument/ram:IssuerAssignedID", "sales_order"),
    Leaf("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", "order"),
    Leaf("ram:ContractReferencedDocument/ram:IssuerAssignedID", "contract"),
]
_DELIVERED: Final[list[Part]] = [
    One(".", "delivery", Delivery, DELIVERY),
    Leaf("ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID", "despatch_advice"),
    Leaf("ram:ReceivingAdviceReferencedDocument/ram:IssuerAssignedID", "receipt"),
]
_SETTLEMENT: Final[list[Part]] = [
    Leaf("ram:TaxCurrencyCode", "tax_currency"),
    Leaf("ram:InvoiceCurrencyCode", "currency"),
    Many(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        "payment",
        PaymentMeans,
        [
            Leaf("ram:TypeCode", "code"),
            Leaf("ram:Information", "name"),
            Group(
                "ram:PayeePartyCreditorFinancialAccount",
                [Leaf("ram:IBANID", "account"), Leaf("ram:AccountName", "account_name")],
            ),
            Leaf("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", "bank"),
        ],
    ),
    Many("ram:ApplicableTradeTax", "taxes", Tax, TAX),
    One("ram:BillingSpecifiedPeriod", "period", Period, PERIOD),
    Many(
        "ram:SpecifiedTradeAllowanceCharge",
        "adjustments",
        Adjustment,
        [*ADJUSTMENT, Group("ram:CategoryTradeTax", CATEGORY)],
    ),
    Leaf("ram:SpecifiedTradePaymentTerms/ram:Description", "payment_terms"),
    day("ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime", "due_date"),
    Group(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        [
            amount("ram:LineTotalAmount", "lines_net"),
            amount("ram:ChargeTotalAmount", "charges"),
            amount("ram:AllowanceTotalAmount", "allowances"),
            amount("ram:TaxBasisTotalAmount", "net"),
            Leaf("ram:TaxTotalAmount", "tax", NUMBER, {"currencyID": "^currency"}),
            Leaf("ram:TaxTotalAmount", "tax_accounting", NUMBER, {"currencyID": "^tax_currency"}),
            amount("ram:RoundingAmount", "rounding"),
            amount("ram:GrandTotalAmount", "gross"),
            amount("ram:TotalPrepaidAmount", "prepaid"),
            amount("ram:DuePayableAmount", "due"),
        ],
    ),
    Many(
        "ram:InvoiceReferencedDocument",
        "preceding",
        Preceding,
        [
            Leaf("ram:IssuerAssignedID", "number"),
            Leaf("ram:FormattedIssueDateTime/qdt:DateTimeString", "day", DAY_102, {"format": "=102"}),
        ],
    ),
    Leaf("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", "accounting"),
]
INVOICE: Final = Syntax(
    "rsm:CrossIndustryInvoice",
    NAMES,
    [
        Group(
            "rsm:ExchangedDocumentContext",
            [
                Leaf("ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID", "process"),
                Leaf("ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", "specification"),
            ],
        ),
        Group(
            "rsm:ExchangedDocument",
            [
                Leaf("ram:ID", "number"),
                Leaf("ram:TypeCode", "type_code"),
                day("ram:IssueDateTime", "issue_date"),
                Many("ram:IncludedNote", "notes", Note, [Leaf("ram:Content", "text")]),
            ],
        ),
        Group(
            "rsm:SupplyChainTradeTransaction",
            [
                Many("ram:IncludedSupplyChainTradeLineItem", "lines", Line, LINE),
                Group("ram:ApplicableHeaderTradeAgreement", _AGREEMENT),
                Group("ram:ApplicableHeaderTradeDelivery", _DELIVERED, needed=True),
                Group("ram:ApplicableHeaderTradeSettlement", _SETTLEMENT),
            ],
        ),
    ],
)
