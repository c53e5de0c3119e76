"""Article numbers in files: GS1's, or none."""

import pytest

from portal.platform.fields import Gtin


@pytest.mark.parametrize(
    ("gtin", "right"),
    [
        *((good, True) for good in ("4006381333931", "96385074", "012345678905", "00012345600012")),
        *((bad, False) for bad in ("4006381333932", "1234567", "40063813339310", "EAN 4006381333931")),
    ],
)
def test_a_gtin_is_judged_by_its_check_digit(gtin, right):
    assert Gtin.takes(gtin) is right
