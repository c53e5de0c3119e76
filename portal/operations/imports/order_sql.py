"""The SQL of importing orders, set by set: what staged orders refer to, and what they come to.

The session's time zone is the mapping's while an import runs, so that `::date` is the day the source meant.
"""

from portal.operations.imports.deliveries import FIRST_DAY, days
from portal.operations.imports.staging import Check
from portal.operations.imports.targets import OURS, twice
from portal.platform.i18n import _

# $1: currencies whose amounts have no decimals.
RESOLVE = {
    "orders": f"""
update import_order s set supplier_id = r.supplier_id, supplier_name = r.supplier_name,
  currency = coalesce(s.currency, r.currency),
  decimals = case when coalesce(s.currency, r.currency) = any ($1::text[]) then 0 else 2 end,
  payment_days = coalesce(s.payment_days, r.payment_days),
  payment_terms = coalesce(nullif(s.payment_terms, ''), r.payment_terms)
from trading_relationship r where r.buyer_id = {OURS} and r.supplier_number = s.supplier
""",
    "lines": f"""
update import_order_line l set item_id = i.id, description = coalesce(l.description, i.name),
  unit = coalesce(l.unit, i.unit), tax_category = coalesce(l.tax_category, i.tax_category),
  tax_rate = coalesce(l.tax_rate, case when l.tax_category is null then i.tax_rate end)
from item i where i.organisation_id = {OURS} and i.number = l.item
""",
    "defaults": """
update import_order_line l set line = coalesce(l.line, n.place_in_order), price_unit = coalesce(l.price_unit, l.unit),
  base_quantity = coalesce(l.base_quantity, 1), discount = coalesce(l.discount, 0), tax_rate = coalesce(l.tax_rate, 0),
  received = coalesce(n.came, coalesce(l.accepted, 0) + coalesce(l.rejected, 0)),
  accepted = coalesce(l.accepted, n.came - coalesce(l.rejected, 0), 0),
  rejected = coalesce(l.rejected, n.came - l.accepted, 0)
from (select place, row_number() over (partition by order_number order by place) as place_in_order,
        coalesce(received, case when accepted is null and delivered_at is not null then quantity end) as came
      from import_order_line) n
where n.place = l.place
""",
}

# A quotient keeps 60 decimals before it is rounded once: with base quantities of at most 18 digits none that is not
# exact comes nearer to half a cent than that. Products are exact.
SUMS = {
    "lines": """
with priced as (
  select l.place, o.decimals, l.discount, round(case when l.base_quantity = 1
    then l.unit_price * l.quantity * l.price_factor
    else round(l.unit_price * l.quantity * l.price_factor, 60) / l.base_quantity end, o.decimals) as gross
  from import_order_line l join import_order o on o.number = l.order_number)
update import_order_line l set net = p.gross - round(p.gross * p.discount * 0.01, p.decimals)
from priced p where p.place = l.place
""",
    "orders": """
with rates as (
  select o.place, o.decimals, l.tax_rate, sum(l.net) as base
  from import_order_line l join import_order o on o.number = l.order_number
  group by o.place, o.decimals, l.tax_category, l.tax_rate),
taxed as (
  select place, sum(base) as net, sum(round(base * tax_rate * 0.01, decimals)) as tax from rates group by place),
lined as (
  select order_number, bool_or(received > 0 or invoiced > 0) as goods, min(requested_date) as requested_date,
    sum(unit_price * quantity * price_factor / base_quantity * (1 - discount * 0.01)) as unrounded,
    string_agg(concat_ws(' ', item, description), ' ' order by line) as words,
    string_agg(digest, '' order by digest) as digests
  from import_order_line group by order_number)
update import_order s set net = t.net, tax = t.tax, unrounded = l.unrounded, goods = l.goods,
  requested_date = l.requested_date, words = l.words,
  digest = encode(sha256(convert_to(s.digest || l.digests, 'UTF8')), 'hex'),
  state = case when l.goods and s.state <> 'closed' then 'accepted' else s.state end
from taxed t, lined l where t.place = s.place and l.order_number = s.number
""",
}

MATCH = f"""
update import_order s set id = coalesce(p.id, uuidv7()), outcome = case when p.id is null then 'new'
  when p.source is null then 'foreign' when p.source->>'digest' = s.digest then 'same' else 'changed' end
from import_order x left join purchase_order p on p.buyer_id = {OURS} and p.number = x.number where x.place = s.place
"""

CHECKS = [
    twice("orders", "import_order", "number"),
    twice("lines", "import_order_line", "line", "order_number", "line"),
    twice("lines", "import_order_line", "key", "order_number", "key"),
    Check(
        "orders",
        "number",
        _("The portal itself gives numbers of this form: put a prefix in front of it in the mapping."),
        r"select place, number as value from import_order where number ~ '^PO-\d{4}-\d+$'",
    ),
    Check(
        "orders",
        "supplier",
        _("There is no supplier of this number. Import suppliers first."),
        """select place, supplier as value from import_order s where supplier_id is null and supplier is not null
        and not exists (select from import_supplier x where x.number = s.supplier)""",
    ),
    Check(
        "orders",
        "number",
        _("An order of this number was entered in the portal itself."),
        "select place, number as value from import_order where outcome = 'foreign'",
    ),
    Check(
        "orders",
        "number",
        _("This order was imported before and the file now says something else: history does not change."),
        "select place, number as value from import_order where outcome = 'changed'",
    ),
    Check(
        "orders",
        "number",
        _("No line belongs to this order."),
        """select place, number as value from import_order o where number is not null
        and not exists (select from import_order_line l where l.order_number = o.number)""",
    ),
    Check(
        "orders",
        "number",
        _("This makes an amount of 1,000,000,000,000,000 or more, which no document can carry."),
        "select place, number as value from import_order where net + tax >= 1000000000000000",
    ),
    Check(
        "lines",
        "order_number",
        _("There is no order of this number in the other file."),
        """select place, order_number as value from import_order_line l where order_number is not null
        and not exists (select from import_order o where o.number = l.order_number)""",
    ),
    Check(
        "lines",
        "item",
        _("There is no item of this number. Import items first."),
        """select place, item as value from import_order_line s where item is not null and item_id is null
        and not exists (select from import_item x where x.number = s.item)""",
    ),
    Check(
        "lines",
        "description",
        _("Neither the line nor its item says what it is."),
        "select place, '' as value from import_order_line where description is null and item is null",
    ),
    Check(
        "lines",
        "unit",
        _("Neither the line nor its item has a unit."),
        "select place, '' as value from import_order_line where unit is null and item is null",
    ),
    Check(
        "lines",
        "tax_category",
        _("Neither the line nor its item has a tax category."),
        "select place, '' as value from import_order_line where tax_category is null and item is null",
    ),
    Check(
        "lines",
        "received",
        _("What was received is not the sum of what was accepted and rejected, {other}."),
        """select place, received as value, accepted + rejected as other from import_order_line
        where received <> accepted + rejected or least(accepted, rejected) < 0""",
    ),
    *days("lines", "import_order_line s join import_order o on o.number = s.order_number and o.outcome = 'new'"),
    Check(
        "orders",
        "ordered_at",
        _("Orders are placed here since {other}, and history is of days before. Later ones come in as drafts only."),
        f"""select s.place, s.day as value, first.day as other from ({FIRST_DAY}) first join (
          select place, state, outcome, greatest(ordered_at, issued_at)::date as day from import_order) s
          on s.day >= first.day where s.outcome = 'new' and s.state <> 'draft'""",
    ),
]

# Nobody here approved it; goods that came have made an accepted one of it by now.
SUBMIT = "update import_order set state = 'in_approval' where state = 'approved'"

WARNINGS = [
    Check(
        "orders",
        "state",
        _("Approved elsewhere: here it still awaits its approval."),
        "select place, state as value from import_order where state = 'approved' and outcome = 'new'",
    ),
    Check(
        "lines",
        "requested_date",
        _("Due before its order date, {other}."),
        """select l.place, l.requested_date as value, o.ordered_at::date as other from import_order_line l
        join import_order o on o.number = l.order_number where l.requested_date < o.ordered_at::date""",
    ),
    Check(
        "lines",
        "unit_price",
        _("A price of 0: imported as free of charge."),
        "select place, unit_price as value from import_order_line where unit_price = 0",
    ),
    Check(
        "lines",
        "received",
        _("More was received than ordered, {other}."),
        "select place, received as value, quantity as other from import_order_line where received > quantity",
    ),
    Check(
        "lines",
        "invoiced",
        _("More was invoiced than ordered, {other}."),
        "select place, invoiced as value, quantity as other from import_order_line where invoiced > quantity",
    ),
    Check(
        "lines",
        "delivered_at",
        _("Delivered before its order date, {other}."),
        """select l.place, l.delivered_at::date as value, o.ordered_at::date as other from import_order_line l
        join import_order o on o.number = l.order_number where l.delivered_at::date < o.ordered_at::date""",
    ),
]

EFFECTS = """
select count(*) filter (where o.outcome = 'new') as created, count(*) filter (where o.outcome = 'same') as unchanged
from import_order_line l join import_order o on o.number = l.order_number
"""

STATED = """
select count(stated_net) as stated, count(*) filter (where net <> round(stated_net, decimals)) as differ,
  coalesce(max(abs(net - round(stated_net, decimals))), 0) as largest_difference,
  count(*) filter (where unrounded <> stated_net) as differ_before_rounding
from import_order
"""
