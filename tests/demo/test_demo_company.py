"""The demo company: one story with something to see on every page, told the same each time."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from portal import demo
from portal.app import wire
from portal.demo.story import COURSES, plots
from portal.platform import database
from portal.platform.settings import override
from tests.harness.cluster import clone, url


@pytest.fixture(scope="module")
def told(
    worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[demo.Account], psycopg.Connection]]:
    """The demo in a database of its own, built in an event loop of its own, as the command does it."""
    name = f"demo_{worker_id}"
    clone(name)
    wire()
    facts = {"database_url": url("portal_app", name), "owner_url": url("portal_owner", name)}
    others = database._pools
    with override(**facts, data=tmp_path_factory.mktemp("demo"), secret_keys=("the key ring of the demo's test, ok",)):
        accounts = asyncio.run(demo.build("", "a password of the demo", lambda _done, _what: None))
    database._pools = others
    with psycopg.connect(url("postgres", name), autocommit=True) as connection:
        yield accounts, connection


def values(connection: psycopg.Connection, sql: str) -> set[str]:
    return {row[0] for row in connection.execute(sql.encode())}


def test_the_accounts_are_the_promised_ones(told):
    accounts, _connection = told
    people = {account.email.removesuffix("@demo.test"): account for account in accounts}
    buying = ("requester", "buyer", "approver", "receiver", "payable", "admin", "auditor")
    assert set(people) == {*buying, "colleague", "head-of-purchasing", "supplier", "rival", "hawthorn"}
    assert len({people[name].organisation for name in (*buying, "colleague", "head-of-purchasing")}) == 1
    assert {*people["supplier"].roles} == {"order_desk", "shipping", "billing", "administrator"}
    assert people["supplier"].organisation != people["rival"].organisation


def test_whoever_is_named_on_a_page_can_sign_in(told):
    _accounts, connection = told
    locked = "select email from person p where not exists (select from credential c where c.person_id = p.id)"
    assert values(connection, locked) == set()


def test_every_state_of_every_document_is_there_to_be_seen(told):
    _accounts, connection = told
    assert values(connection, "select state from purchase_order") == {
        "draft", "in_approval", "approved", "issued", "accepted", "conditionally_accepted", "rejected", "closed",
        "cancelled",
    }  # fmt: skip
    assert {"draft", "despatched"} <= values(connection, "select state from despatch_advice")
    assert {"draft", "submitted", "approved", "disputed", "rejected", "settled"} <= values(
        connection, "select state from invoice"
    )
    assert values(connection, "select on_hold::text from purchase_order") == {"true", "false"}
    assert connection.execute("select count(*) > 0 from purchase_order_line where rejected > 0").fetchone() == (True,)


def test_the_supplier_of_the_story_has_everything_to_try(told):
    _accounts, connection = told
    supplier = connection.execute(
        "select organisation_id from membership m join person p on p.id = m.person_id "
        "where email = 'supplier@demo.test'"
    ).fetchone()[0]
    for table in ("purchase_order", "despatch_advice", "invoice"):
        shown = f"select count(*) > 3 from {table} where supplier_id = %s and shown_to is not null"
        assert connection.execute(shown.encode(), [supplier]).fetchone() == (True,), table
    relationship = "select state, tolerances from trading_relationship where supplier_id = %s"
    assert connection.execute(relationship, [supplier]).fetchone() == ("approved", {})


def test_the_history_leaves_the_approvers_limit_free(told):
    _accounts, connection = told
    limits = connection.execute(
        "select limit_currency, limit_gross >= 100000, limit_cumulative >= 100000, p.id from membership m "
        "join person p on p.id = m.person_id where email = 'approver@demo.test'"
    ).fetchone()
    assert limits[:3] == ("EUR", True, True)
    used = connection.execute("select count(*) from purchase_order where approved_by = %s", [limits[3]]).fetchone()
    assert used == (0,)


def test_nothing_in_the_story_happens_after_today(told):
    _accounts, connection = told
    assert connection.execute("select max(at) from audit_entry").fetchone()[0] <= datetime.now(UTC)


def test_nobody_orders_before_the_company_is_there(told):
    _accounts, connection = told
    first = connection.execute(
        "select (select max(created_at) from organisation where name <> 'Larch Tooling'), "
        "(select max(created_at) from trading_relationship where supplier_name <> 'Larch Tooling'), "
        "(select max(created_at) from item where number not like 'TC-%'), "
        "(select min(created_at) from purchase_order), "
        "(select min(at) from audit_entry)"
    ).fetchone()
    founded, trading, listed, ordered, told_of = first
    assert told_of <= founded <= trading <= listed < ordered


def test_the_story_is_the_same_each_time_and_plays_every_course():
    assert plots() == plots()
    assert {plot.course for plot in plots()} >= set(COURSES) - {"cancelled", "short", "billed twice"}


def test_the_approver_finds_orders_that_are_theirs_to_approve(told):
    _accounts, connection = told
    waiting = "select currency, gross <= 100000 from purchase_order where state = 'in_approval'"
    assert ("EUR", True) in connection.execute(waiting).fetchall()


def test_suppliers_are_good_bad_and_unknown(told):
    _accounts, connection = told
    standings = dict(connection.execute("select supplier_name, standing from trading_relationship").fetchall())
    assert {standings["Larch Tooling"], standings["Fenwick Hydraulics"], standings["Brightbolt Fasteners"]} == {
        "no_data", "poor", "good",
    }  # fmt: skip
    bought = "select count(distinct date_trunc('month', created_at)) from purchase_order where supplier_name = %s"
    assert connection.execute(bought, ["Brightbolt Fasteners"]).fetchone()[0] >= 12
    assert connection.execute(bought, ["Larch Tooling"]).fetchone() == (0,)


def test_a_price_changed_in_the_story_and_orders_follow_it(told):
    _accounts, connection = told
    paid = "select l.unit_price from purchase_order_line l join purchase_order o on o.id = l.order_id "
    paid += "where l.item_number = 'PA-1100' group by 1 order by min(o.created_at)"
    assert [f"{row[0]:f}" for row in connection.execute(paid.encode())] == ["0.7425", "0.7790"]
    listed = "select count(*) from supplier_price p join item i on i.id = p.item_id where i.number = 'PA-1100'"
    assert connection.execute(listed).fetchone() == (2,)


THERE = {
    "goods in inspection": "select true from purchase_order_line where in_inspection > 0",
    "goods that were inspected": "select true from goods_inspection where state = 'booked'",
    "a receipt that was undone": "select true from goods_receipt where state = 'reversed'",
    "one delivery of two orders": (
        "select true from despatch_line group by advice_id having min(order_number) < max(order_number)"
    ),
    "freight on an invoice": "select true from invoice where charges_net > 0",
    "a rebate on an invoice": "select true from invoice where allowances_net > 0",
    "an invoice of a despatch advice": "select true from invoice where despatch_advice_id is not null",
    "a line that was closed short": "select true from purchase_order_line where short_closed",
    "an invoice half paid": (
        "select true from payment where invoice_id in (select id from invoice where state = 'approved')"
    ),
    "an invoice paid in parts": "select true from payment group by invoice_id having count(*) > 1",
    "an invoice after the close": """select true from invoice i join purchase_order o on o.id = i.order_id
        where o.state = 'closed' and i.created_at > o.closed_at""",
    "services up to a limit": "select true from purchase_order_line where kind = 'limit' and accepted > 0",
    "a credit note that is not sent": "select true from credit_note where state = 'draft'",
    "an agreed statement": "select true from statement where state = 'agreed'",
    "a statement to answer": "select true from statement where state = 'sent'",
    "a disputed statement": "select true from statement where state = 'objected'",
    "a legal hold": "select true from legal_hold",
    "an audit from outside": "select true from engagement",
    "a template of all": "select true from order_template where shared",
    "money of another country": "select true from purchase_order where exchange_rate is not null",
    "terms of payment": "select true from payment_term",
    "services to accept": "select true from service_entry where state = 'submitted'",
    "goods that were credited": (
        "select true from credit_note where kind = 'goods' and state in ('approved', 'settled')"
    ),
    "a price that was credited": "select true from credit_note where kind = 'price'",
    "a change to approve": "select true from order_change where state = 'proposed' and author_id = buyer_id",
    "a change for the supplier to answer": """select true from order_change c join purchase_order o on o.id = c.order_id
        where c.state = 'approved' and o.state = 'issued'""",
    "a change that a supplier proposes": (
        "select true from order_change where state = 'proposed' and author_id = supplier_id"
    ),
    "a change that both agreed on": "select true from order_change where state = 'accepted'",
    "roles under review": "select true from reviewed_role where state = 'kept'",
    "roles still to review": "select true from reviewed_role where state = 'open'",
    "an emergency that was looked at": "select true from emergency_access where state = 'reviewed'",
    "an alert to look after": "select true from alert where state = 'open'",
}


@pytest.mark.parametrize("what", THERE)
def test_every_page_has_something_to_show(told, what):
    _accounts, connection = told
    assert connection.execute(f"{THERE[what]} limit 1".encode()).fetchone() == (True,)


def test_documents_keep_the_newest_rate_of_their_day(told):
    _accounts, connection = told
    older = """select d.number from (select number, buyer_id, currency, exchange_date, issued_at::date as day
        from purchase_order union all select number, buyer_id, currency, exchange_date, issue_date from invoice
        where state <> 'draft') d
      join exchange_rate r on (r.organisation_id, r.currency) = (d.buyer_id, d.currency)
      where d.exchange_date is not null and r.valid_on > d.exchange_date and r.valid_on < d.day"""
    assert values(connection, older) == set()


def test_what_tax_is_reversed_for_is_invoiced_under_a_tax_number(told):
    _accounts, connection = told
    unnamed = "select name from organisation where vat_number = ''"
    assert values(connection, unnamed) == set()


def test_months_are_frozen_excused_and_told_anew(told):
    _accounts, connection = told
    assert values(
        connection, "select (scores_frozen_until is not null)::text from organisation where kind = 'buyer'"
    ) == {"true"}
    assert values(connection, "select revision from scorecard") == {1, 2}
    frozen_on = "select count(distinct created_at::date) from scorecard where revision = 1"
    assert connection.execute(frozen_on.encode()).fetchone()[0] >= 11
    assert values(connection, "select state from score_excuse") == {"granted", "asked"}
    assert values(connection, "select supplier_name from standing_override where ended_at is null") == {
        "Fenwick Hydraulics"
    }


def test_people_say_what_they_think_of_finished_orders(told):
    _accounts, connection = told
    assert values(connection, "select stars from order_rating") == {1, 2, 3, 4, 5}
    judged = """select count(*) from (select supplier_id from order_rating
      where created_at > now() - interval '11 months' group by 1 having count(distinct created_by) >= 3) s"""
    assert connection.execute(judged.encode()).fetchone()[0] >= 2


def test_an_import_left_its_mapping_and_one_row_to_mend(told):
    _accounts, connection = told
    assert values(connection, "select state from file_import") == {"imported"}
    assert values(connection, "select name from import_mapping") == {"Tool crib list"}
    assert connection.execute("select count(*) from item where number like 'TC-%'").fetchone() == (4,)
