"""What is wrong with a provider is told in the reader's language; what an operator needs besides stands in the log."""

from ipaddress import ip_network

import pytest
from structlog.testing import capture_logs

from portal.access.provider import CAUSES, Unreachable, discover
from portal.platform.i18n import use_language
from portal.platform.settings import override


@pytest.mark.parametrize(
    ("address", "said", "in_chinese"),
    [
        ("http://127.0.0.1:9", "nobody answers at its address", "其地址无人应答"),
        ("https://no-such-name.invalid", "nobody knows the name no-such-name.invalid", "没有名为"),
    ],
)
async def test_a_cause_is_said_in_the_language_of_who_reads_it(address, said, in_chinese):
    with (
        override(oidc_networks=(ip_network("127.0.0.0/8"),)),
        capture_logs() as logged,
        pytest.raises(Unreachable) as refused,
    ):
        await discover(address)
    assert said in str(refused.value.message)
    use_language("zh-Hans")
    assert in_chinese in str(refused.value.message)
    assert said not in str(refused.value.message)
    [line] = [each for each in logged if each["event"] == "an identity provider is of no use"]
    assert said in line["why"]
    assert line["cause"]


async def test_no_cause_of_the_table_stays_english():
    use_language("zh-Hans")
    assert [name for name, why in CAUSES.items() if str(why).isascii()] == []
