"""Where suppliers, items and prices go: how staged rows find what they are already, and which column gets what."""

from typing import NamedTuple

from portal.operations.imports.staging import Check
from portal.platform.i18n import _

OURS = "(select portal.organisation())"


class Column(NamedTuple):
    """What a column gets, in SQL over the staged row `s`, and the fields that must be mapped to write it again."""

    sql: str
    fields: tuple[str, ...]


class Target(NamedTuple):
    """A table that a kind fills. `made` holds what is set once, when the row comes to be; `updates` names the outcomes
    of staged rows that change it."""

    table: str
    id: str
    made: dict[str, str]
    columns: dict[str, Column]
    updates: tuple[str, ...] = ("changed",)


class Master(NamedTuple):
    """A kind of master data: how its staged rows find what they refer to and what they are, and where they go."""

    resolve: tuple[str, ...]
    checks: list[Check]
    targets: tuple[Target, ...]


def plain(*names: str, default: str = "''") -> dict[str, Column]:
    """Columns that are named like their fields, with what stands where nothing is said."""
    return {name: Column(f"coalesce(s.{name}, {default})", (name,)) for name in names}


def kept_as_null(*names: str) -> dict[str, Column]:
    return {name: Column(f"s.{name}", (name,)) for name in names}


def twice(part: str, staging: str, field: str, *key: str) -> Check:
    """Two rows of one key: which of them holds is for their owner to say."""
    rows = f"select place, {field} as value, min(place) over (partition by {', '.join(key or (field,))}) as other"
    sql = f"select * from ({rows} from {staging} where {field} is not null) d where place > other"
    return Check(part, field, _("Row {other} is about the same already."), sql)


_ADDRESS = ("street", "city", "postal_code", "region", "country")
_PARTS_OF_ADDRESS = ", ".join(f"'{part}', nullif(s.{part}, '')" for part in _ADDRESS)
_OUTCOME = """case when t.source is null then 'entered' when t.source->>'digest' = s.digest then 'same'
  else 'changed' end"""
# Of a supplier whose own data are no longer the buyer's: what was agreed with it may still change, its name may not.
_OWN_NAME = """case when s.outcome = 'terms'
  then (select supplier_name from trading_relationship where id = s.id) else s.name end"""

SUPPLIERS = Master(
    (
        f"""update import_supplier s set id = t.id, supplier_id = t.supplier_id, outcome = {_OUTCOME}
        from trading_relationship t where t.buyer_id = {OURS} and t.supplier_number = s.number""",
        "update import_supplier set id = uuidv7(), supplier_id = uuidv7(), outcome = 'new' where outcome is null",
    ),
    [twice("suppliers", "import_supplier", "number")],
    (
        Target(
            "organisation",
            "supplier_id",
            {"host_id": OURS, "kind": "'supplier'", "tolerances": "'{}'"},
            {
                **kept_as_null("name", "country"),
                "address": Column(f"jsonb_strip_nulls(jsonb_build_object({_PARTS_OF_ADDRESS}))", _ADDRESS),
                **plain("registration_number", "vat_number", "gln", "email"),
                **plain("currency", default=f"(select currency from organisation where id = {OURS})"),
                **plain("language", default="'en'"),
                **plain("time_zone", default="'UTC'"),
            },
        ),
        Target(
            "trading_relationship",
            "id",
            {
                "buyer_id": OURS,
                "supplier_id": "s.supplier_id",
                "shown_to": "s.supplier_id",
                "tolerances": "'{}'",
                # Whether one trades with a supplier is decided by people; a file only says it of new ones.
                "state": "coalesce(s.state, 'approved')",
            },
            {
                "supplier_name": Column(_OWN_NAME, ("name",)),
                "supplier_number": Column("s.number", ("number",)),
                **plain("currency", default=f"(select currency from organisation where id = {OURS})"),
                **plain("payment_days", default="30"),
                **plain("response_days", default="2"),
                **plain("payment_terms", "tier"),
                **plain("tags", default="'{}'"),
            },
            ("changed", "terms"),
        ),
    ),
)

ITEMS = Master(
    (
        f"""update import_item s set id = t.id, outcome = {_OUTCOME}
        from item t where t.organisation_id = {OURS} and t.number = s.number""",
        "update import_item set id = uuidv7(), outcome = 'new' where outcome is null",
    ),
    [twice("items", "import_item", "number")],
    (
        Target(
            "item",
            "id",
            {"organisation_id": OURS},
            {
                **kept_as_null("number", "name", "unit"),
                **plain("category", "gtin"),
                **plain("tax_category", default="'S'"),
                **plain("tax_rate", default="0"),
                **plain("active", default="true"),
                "search": Column("lower(s.number || ' ' || s.name)", ("number", "name")),
            },
        ),
    ),
)

PRICES = Master(
    (
        f"""update import_price s set supplier_id = r.supplier_id, currency = coalesce(s.currency, r.currency)
        from trading_relationship r where r.buyer_id = {OURS} and r.supplier_number = s.supplier""",
        f"""update import_price s set item_id = i.id, unit = coalesce(s.unit, i.unit)
        from item i where i.organisation_id = {OURS} and i.number = s.item""",
        f"""update import_price s set id = t.id, outcome = {_OUTCOME} from supplier_price t
        where t.buyer_id = {OURS} and t.supplier_id = s.supplier_id and t.item_id = s.item_id
          and coalesce(t.valid_from, date '0001-01-01') = coalesce(s.valid_from, date '0001-01-01')
          and coalesce(t.minimum_quantity, 0) = coalesce(s.minimum_quantity, 0) and t.currency = s.currency""",
        "update import_price set id = uuidv7(), outcome = 'new' where outcome is null",
    ),
    [
        twice(
            "prices",
            "import_price",
            "item",
            "supplier",
            "item",
            "currency",
            "valid_from",
            "coalesce(minimum_quantity, 0)",
        ),
        Check(
            "prices",
            "supplier",
            _("There is no supplier of this number. Import suppliers first."),
            """select place, supplier as value from import_price s where supplier_id is null and supplier is not null
            and not exists (select from import_supplier x where x.number = s.supplier)""",
        ),
        Check(
            "prices",
            "item",
            _("There is no item of this number. Import items first."),
            """select place, item as value from import_price s where item_id is null and item is not null
            and not exists (select from import_item x where x.number = s.item)""",
        ),
        Check(
            "prices",
            "valid_to",
            _("The price ends before it begins, on {other}."),
            "select place, valid_to as value, valid_from as other from import_price where valid_to < valid_from",
        ),
        Check(
            "prices",
            "maximum_quantity",
            _("This is less than the minimum quantity, {other}."),
            """select place, maximum_quantity as value, minimum_quantity as other from import_price
            where maximum_quantity < minimum_quantity""",
        ),
    ],
    (
        Target(
            "supplier_price",
            "id",
            {
                "buyer_id": OURS,
                "supplier_id": "s.supplier_id",
                "shown_to": "s.supplier_id",
                "item_id": "s.item_id",
            },
            {
                **kept_as_null("currency", "unit_price", "unit", "minimum_quantity", "maximum_quantity"),
                **kept_as_null("lead_time_days", "valid_from", "valid_to"),
                **plain("supplier_item_number"),
                **plain("base_quantity", default="1"),
            },
        ),
    ),
)
MASTERS = {"suppliers": SUPPLIERS, "items": ITEMS, "prices": PRICES}
