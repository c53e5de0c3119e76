"""Order templates: what to order, kept under a name by a person, or shared with all who order in the organisation."""

from piccolo.columns import JSONB, UUID, Array, Boolean, Integer, Text, Timestamptz

from portal.platform.work import Row


class OrderTemplate(Row, tablename="order_template"):
    """`content` is a `rules.Recipe`; `created_by` is whose it is. Scope is that of the order it was made from."""

    subject_kind = "order-template"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    name = Text()
    shared = Boolean(default=False)
    supplier_id = UUID()
    supplier_name = Text()
    currency = Text()
    content = JSONB()
    purchasing_group = Text()
    cost_centre = Text()
    categories = Array(base_column=Text())
    site_id = UUID(null=True, default=None)
    created_by = UUID()
    created_at = Timestamptz()
    edited_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
