"""An account entered, looked at in full and replaced, in a browser: each takes the code of a phone first."""

import re
import time

from playwright.sync_api import expect
from pyotp.totp import TOTP

from tests.browser.conftest import OpenPage, Portal
from tests.browser.test_way_in import pressed, signs_in, sound


def test_a_supplier_enters_an_account_with_a_second_factor(open_page: OpenPage, portal: Portal) -> None:
    page = open_page(f"{portal.url}/sign-in?next=/bank-accounts")
    signs_in(page, portal, "accounts")
    page.get_by_role("link", name="Enter an account").click()
    page.wait_for_url(re.compile("/profile/second-factor"))
    page.locator("#app [name=password]").fill(portal.password)
    pressed(page, "Begin")
    secret = page.locator("code.key").inner_text()
    page.locator("[name=code]").fill(TOTP(secret).generate_otp(int(time.time()) // 30 - 1))
    pressed(page, "Confirm")
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url(f"{portal.url}/bank-accounts/new")
    sound(page)
    page.locator("[name=holder]").fill("Bolt Export GmbH")
    page.locator("[name=currency]").select_option("EUR")
    page.locator("[name=country]").select_option("DE")
    page.locator("[name=number]").fill("DE02 1203 0000 0000 2020 51")
    pressed(page, "Enter it")
    expect(page.locator("main")).to_contain_text("who entered an account does not confirm it")
    expect(page.locator("h1")).to_contain_text("DE •••• 2051")
    sound(page)
    page.get_by_role("link", name="Show the full number").click()
    expect(page.locator("#account")).to_contain_text("DE02120300000000202051")
    sound(page)
