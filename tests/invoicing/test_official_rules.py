"""What Peppol's and XRechnung's own rules say of our files: what we let pass, they let pass."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from portal.invoicing.rules.einvoice import invoice_of, written
from portal.invoicing.rules.national import beyond
from portal.platform.einvoice import codes
from tests.harness.einvoices import snapshots
from tests.harness.official import fatal

DRAWN = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@DRAWN
@given(snapshots(everywhere=True))
def test_what_we_let_pass_breaks_no_rule_of_peppol_and_none_of_xrechnung(snapshot: dict[str, Any]):
    document = invoice_of(snapshot)
    if not any(beyond(document, snapshot["e_invoice"]["format"])):
        assert fatal(document.specification, written(document, "ubl")) == []


def test_every_rule_of_ours_is_one_of_theirs(told: dict[str, Any]):
    """Somebody who says nothing but a name breaks them all, and both say so by the same ids."""
    told["e_invoice"] = {"format": "xrechnung"}
    told["supplier"] = {"name": "Somebody", "country": "DE", "registration_number": "HRB 1"}
    told["buyer"] = {"name": "Anybody", "country": "DE"}
    document = invoice_of(told)
    ours = {rule.id for rule in beyond(document, "xrechnung")}
    theirs = {rule for rule, _words in fatal(codes.XRECHNUNG, written(document, "ubl"))}
    assert ours == theirs - {"BR-DE-16"}  # a number for taxes, which the standard's own rules ask for
    assert {"BR-DE-3", "BR-DE-4", "BR-DE-8", "BR-DE-9", "BR-DE-15", "PEPPOL-EN16931-R010"} <= ours


@pytest.mark.parametrize(
    ("country", "rules"),
    [
        ("NL", {"NL-R-002", "NL-R-003"}),
        ("DK", {"DK-R-014"}),
        ("IT", {"IT-R-002"}),
        ("IS", {"IS-R-002", "IS-R-003"}),
        ("GR", {"GR-R-004-1"}),
    ],
)
def test_countries_ask_for_more(told: dict[str, Any], country: str, rules: set[str]):
    told["e_invoice"] = {"format": "ubl", "buyer_reference": "7"}
    told["supplier"] = {"name": "Somebody", "country": country, "registration_number": "?", "gln": "4012345000009"}
    document = invoice_of(told)
    assert {rule.id for rule in beyond(document, "ubl")} == rules
    theirs = {rule for rule, _words in fatal(codes.PEPPOL, written(document, "ubl"))}
    assert rules <= theirs


def test_only_what_keeps_peppols_rules_says_that_it_does(told: dict[str, Any]):
    told["e_invoice"] = {"format": "factur-x"}
    assert invoice_of(told).specification == codes.PEPPOL
    told["supplier"] = {"name": "Somebody", "country": "FR"}
    assert invoice_of(told).specification == codes.EN16931


@pytest.mark.parametrize(("quantity", "price", "net", "part"), [("7", "0.5", "4", "0.50"), ("3", "0.5", "2", "0.50")])
def test_yen_are_rounded_by_a_part_of_the_line(told: dict[str, Any], quantity: str, price: str, net: str, part: str):
    """7 × 0.5 is 3.5, billed as 4: Peppol reckons with 0.02 whatever the currency (PEPPOL-EN16931-R120)."""
    told["invoice"]["currency"] = "JPY"
    told["lines"][0] |= {"quantity": quantity, "unit_price": price, "net": net}
    [line] = invoice_of(told).lines
    assert [(each.charge, each.reason, str(each.amount)) for each in line.adjustments] == [(True, "Rounding", part)]


@pytest.fixture
def told() -> dict[str, Any]:
    """An invoice of one line in Germany, with what everybody asks for."""
    party = {"country": "DE", "address": {"street": "Weg 1", "city": "Ort", "postal_code": "12345"}}
    line = {
        "line": 1,
        "description": "Bolt",
        "quantity": "1",
        "unit": "C62",
        "unit_price": "4",
        "net": "4",
        "tax_category": "Z",
        "tax_rate": "0",
        "order_number": "PO-1",
        "order_line": 1,
    }
    sums = {"lines": "4", "net": "4", "tax": "0", "gross": "4", "allowances": "0", "charges": "0"}
    return msgspec.to_builtins(
        {
            "invoice": {"number": "R-1", "issue_date": "2026-01-02", "due_date": "2026-02-01", "currency": "EUR"},
            "orders": [{"number": "PO-1"}],
            "supplier": party | {"name": "Seller", "vat_number": "FR61954506077", "country": "FR"},
            "buyer": party | {"name": "Buyer", "vat_number": "DE136695976"},
            "lines": [line],
            "totals": sums | {"breakdown": [{"category": "Z", "rate": "0", "base": "4", "tax": "0"}]},
        }
    )
