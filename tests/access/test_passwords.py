"""Which passwords are taken: long ones that nobody tries first, whatever they are made of."""

import pytest

from portal.access.commands import set_password
from portal.access.rules import is_common
from portal.platform.refusals import Invalid
from tests.harness.world import buying_company


@pytest.mark.parametrize(
    "password",
    [
        "1q2w3e4r5t6y",
        "Qwertyuiop123",
        "passwordpassword",
        "Password2026!",
        "!!!letmein2026",
        "abcabcabcabc",
        "aaaaaaaaaaaaaaaa",
        "123456789012",
        "2026-11-22-2026",
        "abcdefghijklmnop",
        "ASDFGHJKLZXCVBNM",
    ],
)
def test_what_others_try_first_is_common(password):
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "twelve letters are enough",
        "我们每天早上喝一杯热茶",
        "zwölf laxe typ folgen vor",
        "no digits and no signs",
        "hX7#kQ9vLm2p",
        "a long sentence of one's own",
    ],
)
def test_a_sentence_of_ones_own_needs_no_digits_and_no_signs(password):
    assert not is_common(password)


def test_ones_own_address_is_no_secret():
    assert is_common("annette.droste-huelshoff", own="annette.droste-huelshoff@example.test")
    assert is_common("annette.droste-huelshoff99", own="annette.droste-huelshoff@example.test")
    assert not is_common("annette.droste-huelshoff", own="somebody@example.test")


async def test_ones_own_address_as_password_is_refused_as_that(connected):
    company = await buying_company()
    with pytest.raises(Invalid) as refused:
        await set_password(company.buyer, company.buyer.person, company.buyer.email)
    assert "your own address" in str(refused.value.errors[0].message)


async def test_a_common_password_is_refused_and_the_reason_is_said(connected):
    company = await buying_company()
    with pytest.raises(Invalid) as refused:
        await set_password(company.buyer, company.buyer.person, "qwerty123456")
    assert "Many people use this password" in str(refused.value.errors[0].message)
