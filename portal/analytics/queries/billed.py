"""SQL of what was owed on invoices at the end of a day: their amounts less payments and credit notes.

An invoice and its credit notes are one account: what it asks for, less what was paid of it, or kept back as a cash
discount, by then, less what its credit notes give back. A credit note that is settled, whether by a payment, by another
invoice's or by money sent back, takes out of the account what the supplier owes in it, beyond what was set off against
its own invoice, and never more: settled too early, it still lowers its invoice. Both count from when they were sent;
payments and settlements from the day on which the money moved.
"""

# {after}: the end of the day; {day}: the day; {of}: whose; {side}: the reader's side of payments. What is due was that
# by what had happened until then; nothing is due while its payment terms have not begun to count.
INVOICES = """
  select i.id, i.number, i.currency, i.buyer_id, i.buyer_name, i.supplier_id, i.supplier_name, i.order_number as told,
    coalesce(i.settled_on <= {day}, false) as settled, b.currency as own_currency,
    i.gross - i.prepaid + i.rounding - coalesce((select sum(p.amount + p.credited + p.discount) from payment p
      where p.invoice_id = i.id and p.paid_on <= {day}), 0) as rest,
    case when i.currency = b.currency then 1 when i.own_currency = b.currency then i.exchange_rate end as worth,
    (select (d.was ->> 'due')::date from jsonb_array_elements(i.due_days) with ordinality d (was, n)
      where (d.was ->> 'since')::timestamptz < {after} order by d.n desc limit 1) as due
  from invoice i join organisation b on b.id = i.buyer_id
  where i.submitted_at < {after} and (i.state <> 'rejected' or i.decided_at >= {after}) and {of}
    and (i.settled_on is null or i.settled_on > {day}
      or i.id in (select p.invoice_id from payment p where p.{side} = $1 and p.paid_on > {day})
      or i.id in (select c.invoice_id from credit_note c where c.{bills} = $1
        and (c.settled_on is null or c.settled_on > {day} or c.settled_before <> '[]' or c.submitted_at >= {after})))"""
CREDITS = """
  select i.id, i.number, i.currency, i.buyer_id, i.buyer_name, i.supplier_id, i.supplier_name, i.invoice_number as told,
    i.gross + i.rounding as gives, i.gross + i.rounding - i.set_off as beyond,
    v.own_currency, v.due, v.id as invoice_id, coalesce(i.settled_on <= {day}, false)
      or exists (select from jsonb_array_elements(i.settled_before) was
        where (was ->> 'since')::date <= {day} and (was ->> 'until')::date > {day}) as settled,
    case when i.currency = v.own_currency then 1 when i.own_currency = v.own_currency then i.exchange_rate end as worth
  from credit_note i join invoices_then v on v.id = i.invoice_id
  where i.submitted_at < {after} and (i.state <> 'rejected' or i.decided_at >= {after}) and {of}"""
# Of several credit notes the first ones take out first. Nothing of an account that is settled and even is open.
ACCOUNTS = """
accounts as (
  select v.id, v.settled as ended, v.rest - coalesce(sum(c.gives), 0) as over,
    coalesce(sum(c.beyond) filter (where c.settled), 0) as settled
  from invoices_then v left join credits_then c on c.invoice_id = v.id group by v.id, v.settled, v.rest),
going as (
  select id, gone from accounts cross join lateral (select least(greatest(-over, 0), settled) as gone) t
  where not ended or over + gone <> 0),
credits_left as (
  select c.*, least(greatest(u.gone - coalesce(sum(beyond) filter (where settled) over (partition by invoice_id
    order by c.id rows between unbounded preceding and 1 preceding), 0), 0),
    case when settled then beyond else 0 end) - gives as amount
  from credits_then c join going u on u.id = c.invoice_id),
open_bills as (
  select 'invoice' as record, v.id, number, currency, buyer_id, buyer_name, supplier_id, supplier_name, told, due,
    rest as amount, own_currency, worth
  from invoices_then v join going u on u.id = v.id where rest <> 0
  union all
  select 'credit-note', id, number, currency, buyer_id, buyer_name, supplier_id, supplier_name, told, due, amount,
    own_currency, worth
  from credits_left where amount <> 0),
"""
