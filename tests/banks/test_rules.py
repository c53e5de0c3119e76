"""What makes a bank account, country by country."""

import pytest

from portal.platform.convert import Problems
from portal.platform.refusals import Invalid
from tests.harness.banks import IBAN, account_form


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"number": "DE89370400440532013001"}, "number"),
        ({"number": "0532013000"}, "number"),
        ({"country": "FR"}, "country"),
        ({"bic": "COBADEFF1"}, "bic"),
        ({"country": "CN", "number": "6222021234567890", "bank_code": "1021000", "bic": None}, "bank_code"),
        ({"country": "US", "number": "123456789", "bank_code": "021000022", "bic": None}, "bank_code"),
        ({"country": "AU", "number": "123456789", "bank_code": None, "bic": None}, "bank_code"),
        ({"country": "AU", "number": IBAN, "bic": None}, "country"),
    ],
)
def test_a_number_that_no_bank_has_is_refused_where_it_is_wrong(told, field):
    with pytest.raises((Problems, Invalid)) as refused:
        account_form(**told)
    assert [error.field for error in refused.value.errors] == [field]


@pytest.mark.parametrize(
    "told",
    [
        {"number": "DE89 3704 0044 0532 0130 00"},
        {"country": "CN", "number": "6222 0212 3456 7890", "bank_code": "102100099996", "bic": None},
        {"country": "US", "number": "123456789", "bank_code": "021000021", "bic": None},
        {"country": "AU", "number": "123-456-789", "bank_code": "062-000", "bic": None},
    ],
)
def test_a_number_of_any_country_is_taken_as_people_write_it(told):
    assert account_form(**told)
