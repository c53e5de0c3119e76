"""An account is known in the middle of a text, however it is written; what only looks like one is left alone."""

import pytest

from portal.platform.einvoice.accounts import HIDDEN, MOST, names_account, without_accounts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Pay to DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX", "Pay to •••• 3000 BIC COBADEFFXXX"),
        ("DE89370400440532013000.", "•••• 3000."),
        ("NO9386011117947 or GB29 NWBK 6016 1331 9268 19 GB29NWBK60161331926819", "•••• 7947 or •••• 6819 •••• 6819"),
        ("FR14\u00a02004\u00a01010\u00a00505\u00a00001\u00a03M02\u00a0606", "•••• 2606"),
    ],
)
def test_of_an_account_in_a_text_the_end_alone_is_shown(text, shown):
    assert without_accounts(text, 300) == shown
    assert names_account(text)


@pytest.mark.parametrize(
    "text",
    [
        "Order DE89 3704 0044 0532 0130 01",  # its check digits are wrong
        "ZZ89 3704 0044 0532 0130 00",  # no country
        "VAT DE123456789, item AB12-3456-7890-1234",
        "",
    ],
)
def test_what_only_looks_like_an_account_is_left_as_it_is(text):
    assert without_accounts(text, 300) == text
    assert not names_account(text)


def test_an_account_at_the_edge_of_what_is_shown_does_not_show_its_beginning():
    told = without_accounts("x" * 290 + " DE89370400440532013000", 300)
    assert (len(told), told[290:]) == (300, " •••• 3000")


def test_so_many_likenesses_that_nobody_searches_them_all_are_taken_for_accounts():
    many = "DE89 3704 0044 0532 0130 01; " * (MOST + 1)
    assert names_account(many)
    assert without_accounts(many, len(many)) == HIDDEN
