"""The way in, in a browser: a second factor on the phone, terms to read, passkeys of a device that Chromium plays."""

import re
import time
from typing import Any

from playwright.sync_api import Page, expect
from pyotp.totp import TOTP

from tests.browser.conftest import OpenPage, Portal, axe_violations, scrolls_sideways


def sound(page: Page) -> None:
    """Accessible in both themes, and no sideways scroll on a phone."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe_violations(page) == [], (page.url, scheme)
    assert not scrolls_sideways(page), page.url
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})


def signs_in(page: Page, portal: Portal, role: str) -> None:
    page.locator("[name=email]").fill(portal.people[role])
    page.locator("[name=password]").fill(portal.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def pressed(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_strict_company_leads_its_people_through_everything_it_asks_for(open_page: OpenPage, portal: Portal) -> None:
    page = open_page(f"{portal.url}/sign-in?next=/orders")
    signs_in(page, portal, "strict")
    page.wait_for_url(re.compile("/profile/second-factor"))
    sound(page)
    page.locator("#app [name=password]").fill(portal.password)
    pressed(page, "Begin")
    secret = page.locator("code.key").inner_text()
    expect(page.locator("img.qr")).to_be_visible()
    sound(page)
    page.locator("[name=code]").fill("000000")
    pressed(page, "Confirm")
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    page.locator("[name=code]").fill(TOTP(secret).generate_otp(int(time.time()) // 30 - 1))
    pressed(page, "Confirm")
    expect(page.locator(".codes li")).to_have_count(10)
    sound(page)
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url(re.compile("/sign-in/next"))
    expect(page.get_by_role("heading", name=re.compile("^Terms of use of"))).to_be_visible()
    sound(page)
    pressed(page, "I have read and accept them")
    page.wait_for_url(f"{portal.url}/orders")
    page.goto(f"{portal.url}/proof?next=/orders")
    sound(page)

    page.context.clear_cookies()
    page.goto(f"{portal.url}/sign-in?next=/orders")
    signs_in(page, portal, "strict")
    page.wait_for_url("**/sign-in/next?next=/orders")
    sound(page)
    page.locator("[name=code]").fill(TOTP(secret).generate_otp(int(time.time()) // 30))
    pressed(page, "Continue")
    page.wait_for_url(f"{portal.url}/orders")


def a_device(page: Page) -> Any:
    """A phone whose owner looks at it: it keeps passkeys and unlocks them."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    able = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = able | {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devices


def test_a_passkey_is_made_used_instead_of_the_password_and_removed(open_page: OpenPage, portal: Portal) -> None:
    here = portal.url.replace("127.0.0.1", "localhost")
    page = open_page(f"{here}/sign-in?next=/profile/second-factor")
    a_device(page)
    signs_in(page, portal, "receiver")
    page.wait_for_url("**/profile/second-factor")
    page.locator("[name=passkey_password]").fill("not the right sentence")
    pressed(page, "Make a passkey")
    expect(page.get_by_role("alert")).to_contain_text("not your present password")
    page.locator("[name=passkey_password]").fill(portal.password)
    pressed(page, "Make a passkey")
    expect(page.locator("[data-codes] li")).to_have_count(10)
    sound(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator(".keys li")).to_have_count(1)
    sound(page)

    page.context.clear_cookies()
    page.goto(f"{here}/sign-in?next=/profile/second-factor")
    pressed(page, "Sign in with a passkey")
    page.wait_for_url("**/profile/second-factor")
    page.locator(".keys summary").click()
    page.locator(".keys .ask-panel button").click()
    expect(page.locator(".keys")).to_have_count(0)
