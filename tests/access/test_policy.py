"""The first wall: what the policy says, and that everything it does not say is denied."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import msgspec
import pytest
from litestar import Litestar, get

from portal.access.conditions import CONDITIONS
from portal.access.guards import allowed, may, missing_guards, public, require, scoped
from portal.access.policy import POLICY, Policy
from portal.platform.actor import Actor, ApprovalLimit, Scope
from portal.platform.ids import new_id
from portal.platform.paging import Bind
from portal.platform.paths import resource
from portal.platform.refusals import Denied

MODEL = (resource("policies") / "model.conf").read_text()
DUTIES = "first,second,meaning\norders:create,orders:approve,Who enters an order does not approve it.\n"


@pytest.fixture
def policy_of(tmp_path: Path):
    def load(*rules: str) -> Policy:
        (tmp_path / "model.conf").write_text(MODEL)
        (tmp_path / "roles.csv").write_text("\n".join(f"p, {rule}" for rule in rules))
        (tmp_path / "duties.csv").write_text(DUTIES)
        policy = Policy()
        policy.load(tmp_path)
        return policy

    return load


def somebody(*roles: str, **changes) -> Actor:
    actor = Actor(organisation_id=new_id(), organisation_kind="buyer", person_id=new_id(), roles=frozenset(roles))
    return msgspec.structs.replace(actor, **changes)


def an_order(actor: Actor, **changes) -> SimpleNamespace:
    facts = {"buyer_id": actor.organisation_id, "created_by": new_id(), "submitted_by": None, "currency": "EUR"}
    return SimpleNamespace(**facts | {"gross": Decimal(100), "purchasing_group": "", "cost_centre": ""} | changes)


def test_a_deny_on_any_role_beats_an_allow_on_another(policy_of):
    policy = policy_of("buyer, buyer, orders, approve, allow,", "administrator, any, orders, approve, deny,")
    assert policy.decide(frozenset({"buyer"}), "buyer", "orders:approve") == {""}
    assert policy.decide(frozenset({"buyer", "administrator"}), "buyer", "orders:approve") == frozenset()


def test_a_rule_for_suppliers_gives_buyers_nothing_and_an_organisation_that_is_both_holds_both(policy_of):
    policy = policy_of("desk, supplier, orders, respond, allow,")
    decisions = [policy.decide(frozenset({"desk"}), kind, "orders:respond") for kind in ("buyer", "supplier", "both")]
    assert decisions == [frozenset(), {""}, {""}]


def test_who_decides_while_the_policy_is_read_anew_is_never_refused_for_it(policy_of):
    policy = policy_of("buyer, buyer, orders, approve, allow,")
    stop, refused = Event(), list[frozenset[str]]()

    def ask(number: int) -> None:
        while not stop.is_set():
            decision = policy.decide(frozenset({"buyer", f"of-{number}"}), "buyer", "orders:approve")
            refused.extend([decision] if decision != {""} else [])

    with ThreadPoolExecutor(4) as threads:
        asking = [threads.submit(ask, number) for number in range(4)]
        for _again in range(50):
            policy.reload()
        stop.set()
    assert [one.result() for one in asking] == [None] * 4
    assert refused == []


def test_a_rule_names_several_actions_and_gives_no_other(policy_of):
    policy = policy_of("a, any, orders, read edit, allow,")
    asked = ("read", "edit", "rea", "read edit", "", "issue")
    given = [act for act in asked if policy.decide(frozenset({"a"}), "buyer", f"orders:{act}")]
    assert given == ["read", "edit"]


def test_conditions_of_several_roles_add_up(policy_of):
    policy = policy_of("a, any, orders, read, allow, in_scope", "b, any, orders, read, allow, as_buyer")
    assert policy.decide(frozenset({"a", "b"}), "buyer", "orders:read") == {"in_scope", "as_buyer"}


@pytest.mark.parametrize(
    "broken",
    ["buyer, buyer, orders", "buyer, buyer, orders, read, perhaps,", "buyer, buyer, orders, read, deny, in_scope",
     "buyer, buyer, orders, read, allow, made_up"],
)  # fmt: skip
def test_a_policy_that_does_not_load_denies_everything(policy_of, broken):
    policy = policy_of("buyer, buyer, orders, read, allow,", broken)
    assert not policy.loaded
    assert policy.decide(frozenset({"buyer"}), "buyer", "orders:read") == frozenset()


@pytest.mark.parametrize(
    "duties",
    ["", "first,second,meaning\norders:create,orders:aprove,A slip.", "orders:create,orders:approve,No head.",
     "first,second,meaning\norders:create,orders:approve", None],
)  # fmt: skip
def test_duties_that_cannot_be_read_deny_everything(tmp_path, duties):
    (tmp_path / "model.conf").write_text(MODEL)
    (tmp_path / "roles.csv").write_text("p, buyer, buyer, orders, read, allow,")
    if duties is not None:
        (tmp_path / "duties.csv").write_text(duties)
    policy = Policy()
    policy.load(tmp_path)
    assert not policy.loaded


def test_duties_are_read_anew_with_the_rules(policy_of, tmp_path):
    policy = policy_of("buyer, buyer, orders, read, allow,")
    assert "orders:approve" in policy.excluding["orders:create"]
    (tmp_path / "duties.csv").write_text("first,second,meaning\n")
    policy.reload()
    assert (policy.loaded, dict(policy.excluding)) == (True, {})


def test_a_missing_policy_denies_everything(tmp_path):
    policy = Policy()
    policy.load(tmp_path)
    assert policy.decide(frozenset({"buyer"}), "buyer", "orders:read") == frozenset()


def test_the_policy_is_small_and_names_only_conditions_that_exist(connected):
    rules = POLICY.rules()
    assert 20 < len(rules) <= 200
    assert {name for rule in rules for name in rule[5].split("&") if name} <= set(CONDITIONS)


def test_an_administrator_never_approves_whatever_else_they_are(connected):
    boss = somebody("administrator", "approver", limit=ApprovalLimit("EUR", None, None))
    with pytest.raises(Denied):
        require(boss, "orders:approve", an_order(boss))


def test_an_approver_approves_within_the_limit_and_never_their_own(connected):
    approver = somebody("approver", limit=ApprovalLimit("EUR", Decimal(500), None))
    assert allowed(approver, "orders:approve", an_order(approver))
    assert not allowed(approver, "orders:approve", an_order(approver, gross=Decimal("500.01")))
    assert not allowed(approver, "orders:approve", an_order(approver, currency="USD"))
    assert not allowed(approver, "orders:approve", an_order(approver, created_by=approver.person_id))
    assert not allowed(approver, "orders:approve", an_order(approver, submitted_by=approver.person_id))


def test_a_scope_narrows_one_record_and_a_list_alike(connected):
    narrow = somebody("buyer", scope=Scope(purchasing_groups=("metals",)))
    assert allowed(narrow, "orders:read", an_order(narrow, purchasing_group="metals"))
    assert not allowed(narrow, "orders:read", an_order(narrow, purchasing_group="paper"))
    bind = Bind()
    assert scoped(narrow, "orders:read", "o", bind) == "(o.purchasing_group = any($1::text[]))"
    assert bind.values == [["metals", ""]]
    assert scoped(somebody("nobody"), "orders:read", "o", Bind()) == "false"


def test_a_route_without_a_permission_keeps_the_portal_from_starting():
    @get("/open", guards=[public], sync_to_thread=False)
    def open_to_all() -> None: ...

    @get("/guarded", guards=[may("orders:read")], sync_to_thread=False)
    def guarded() -> None: ...

    @get("/forgotten", sync_to_thread=False)
    def forgotten() -> None: ...

    routes = Litestar([open_to_all, guarded, forgotten], openapi_config=None).routes
    handlers = [handler for route in routes for handler in getattr(route, "route_handlers", [])]
    assert [name.rsplit(".", 1)[-1] for name in missing_guards(handlers)] == ["forgotten"]


def test_no_right_is_given_twice():
    """Two rules that say the same hide, when one of them is taken back, that the other still gives it."""
    lines = (resource("policies") / "roles.csv").read_text().splitlines()
    rules = [[part.strip() for part in line.split(",")] for line in lines if line.startswith("p,")]
    given = [
        (role, side, thing, verb, effect, condition)
        for _p, role, side, things, verbs, effect, condition in rules
        for thing in things.split()
        for verb in verbs.split()
    ]
    assert [each for each, times in Counter(given).items() if times > 1] == []
