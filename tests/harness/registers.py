"""Companies with numbers of registers, and suppliers that a buyer added by hand."""

from typing import Any

from stdnum.iso7064 import mod_11_10

from portal.organisations.commands import add_supplier
from portal.organisations.commands.trading import begin
from portal.organisations.forms import SupplierForm, TermsForm
from portal.organisations.tables import TradingRelationship
from portal.platform.convert import convert
from portal.platform.ids import new_id
from portal.platform.work import changing
from tests.harness.world import Organised, selling_company


def a_vat_number() -> str:
    """A right German one that nobody else has: eight digits and the check digit of ISO 7064, mod 11,10."""
    digits = str(10**7 + new_id().int % (9 * 10**7))
    return f"DE{digits}{mod_11_10.calc_check_digit(digits)}"


def a_gln() -> str:
    """A right one that nobody else has."""
    digits = f"4{new_id().int % 10**11:011d}"
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


async def hosted_supplier(company: Organised, **said: Any) -> TradingRelationship:
    """A company that is new here, whose data the buyer keeps."""
    facts = {"name": f"Newcomer {new_id().hex[-8:]}", "country": "DE"} | said
    return await add_supplier(company.supplier_manager, convert(SupplierForm, facts))


async def relation_on_hold(company: Organised) -> TradingRelationship:
    """A supplier as an import may bring it: not approved yet."""
    supplier = await selling_company()
    async with changing(company.supplier_manager) as change:
        relationship = await begin(change, supplier.id, supplier.name, TermsForm())
        relationship.state = "on_hold"
    return relationship
