"""Items of a buyer and the prices of its suppliers. No supplier sees another's price."""

from decimal import Decimal

from piccolo.columns import JSONB, UUID, Boolean, Date, Integer, Numeric, Text, Timestamptz

from portal.platform.work import Row


class Item(Row, tablename="item"):
    """Something the organisation buys, in its own numbering and unit (UN/ECE Rec 20)."""

    subject_kind = "item"
    id = UUID(primary_key=True, default=None)
    organisation_id = UUID()
    number = Text()
    name = Text()
    unit = Text()
    category = Text()
    tax_category = Text(default="S")
    tax_rate = Numeric(default=Decimal(0))
    gtin = Text()
    tolerances = JSONB(default={})
    active = Boolean(default=True)
    search = Text()
    source = JSONB(null=True, default=None)
    version = Integer(default=1)
    created_at = Timestamptz()


class SupplierPrice(Row, tablename="supplier_price"):
    """What one supplier asks for one item: a price for `base_quantity` of `unit`, from a minimum quantity on."""

    subject_kind = "supplier-price"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID(null=True, default=None)
    item_id = UUID()
    supplier_item_number = Text()
    currency = Text()
    unit_price = Numeric()
    base_quantity = Numeric(default=Decimal(1))
    unit = Text()
    minimum_quantity = Numeric(null=True, default=None)
    maximum_quantity = Numeric(null=True, default=None)
    lead_time_days = Integer(null=True, default=None)
    valid_from = Date(null=True, default=None)
    valid_to = Date(null=True, default=None)
    source = JSONB(null=True, default=None)
    version = Integer(default=1)
    created_at = Timestamptz()
