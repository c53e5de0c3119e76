"""Every page of the portal, as those who use it see it: by day and by night, in English and Chinese, on a phone."""

from collections.abc import Callable

import pytest
from litestar import Litestar
from playwright.sync_api import Page, expect

from portal.platform.i18n import LANGUAGES
from tests.browser.conftest import OpenPage, Portal, axe_violations, raw_codes, scrolls_sideways

Enter = Callable[..., Page]
# Whom a page is for, its route, and an address of it; names in braces are of `portal.paths` and `portal.ids`.
LOOKED_AT: dict[str, dict[str, tuple[str, ...]]] = {
    "requester": {
        "/": ("/",),
        "/orders/new": ("/orders/new",),
        "/orders/document": ("/orders/document",),
        "/orders/{order_id}": ("{draft}", "{offered}"),
        "/orders/{order_id}/edit": ("{draft}/edit",),
        "/orders/{order_id}/template": ("{draft}/template",),
        "/orders/{order_id}/again": ("{draft}/again?order={order_id}",),
        "/order-templates": ("/order-templates",),
        "/order-templates/{template_id}": ("{template}",),
        "/search": ("/search?query=bolt", "/search?query=nothing-of-that-kind"),
        "/profile": ("/profile",),
        "/profile/second-factor": ("/profile/second-factor",),
        "/profile/terms": ("/profile/terms",),
        "/profile/api-keys": ("/profile/api-keys",),
        "/profile/bank-account": ("/profile/bank-account",),
    },
    "buyer": {
        "/": ("/",),
        "/orders": ("/orders", "/orders?state=closed"),
        "/orders/{order_id}": ("{offered}", "{held}", "{revised}", "{dearer}", "/orders/{departing_order_id}"),
        "/orders/{order_id}/change": ("{revised}/change",),
        "/orders/{order_id}/revisions": ("{revised}/revisions", "{offered}/revisions"),
        "/order-changes/{change_id}": ("{offered_change}", "{dearer_change}"),
        "/contracts": ("/contracts", "/contracts?state=terminated"),
        "/contracts/new": ("/contracts/new",),
        "/orders/{order_id}/lines/{line_id}/price": ("/orders/{departing_order_id}/lines/{departing_line_id}/price",),
        "/contracts/{contract_id}": (
            *("/contracts/{contract_id}", "/contracts/{active_contract_id}", "/contracts/{approved_contract_id}"),
            "/contracts/{owing_contract_id}",
            *("/contracts/{presented_contract_id}", "/contracts/{amended_contract_id}", "/contracts/{amendment_id}"),
        ),
        "/contracts/{contract_id}/clauses": ("/contracts/{renegotiated_contract_id}/clauses",),
        "/contracts/{contract_id}/performance": ("{unsent_contract}/performance",),
        "/deliverables/{deliverable_id}": ("/deliverables/{deliverable_id}",),
        "/contracts/{contract_id}/rounds": ("/contracts/{renegotiated_contract_id}/rounds",),
        "/contracts/{contract_id}/edit": ("{unsent_contract}/edit", "/contracts/{amendment_id}/edit"),
        "/signings": ("/signings",),
        "/signings/new": ("/signings/new",),
        "/signings/{signing_id}": ("/signings/{signing_id}",),
        "/suppliers": ("/suppliers",),
        "/suppliers/{supplier_id}": ("{supplier}",),
        "/suppliers/{supplier_id}/scorecard": ("{supplier}/scorecard", "{supplier}/scorecard?period={last_month}"),
        "/suppliers/{supplier_id}/scorecard/lines": ("{supplier}/scorecard/lines?criterion=quality",),
        "/items": ("/items",),
        "/items/{item_id}": ("{item}",),
        "/items/{item_id}/orders": ("{item}/orders",),
        "/suppliers/{supplier_id}/items": ("{supplier}/items",),
    },
    "receiver": {
        "/": ("/",),
        "/despatch-advices": ("/despatch-advices",),
        "/despatch-advices/{advice_id}": ("/despatch-advices/{advice_id}",),
        "/despatch-advices/{advice_id}/receive": ("{coming}/receive",),
        "/orders/{order_id}/receive": ("/orders/{order_id}/receive",),
        "/service-entries": ("/service-entries", "/service-entries?open=decide"),
        "/service-entries/{service_entry_id}": ("/service-entries/{service_entry_id}",),
        "/receipts": ("/receipts",),
        "/receipts/{receipt_id}": ("/receipts/{receipt_id}",),
        "/ratings": ("/ratings", "/ratings?stars=1"),
        "/orders/{order_id}/ratings": ("/orders/{order_id}/ratings",),
    },
    "payable": {
        "/": ("/",),
        "/invoices": ("/invoices",),
        "/invoices/{invoice_id}": ("/invoices/{invoice_id}", "{credited_invoice}"),
        "/credit-notes": ("/credit-notes",),
        "/batches": ("/batches",),
        "/batches/{batch_id}": ("/batches/{batch_id}",),
        "/credit-notes/{credit_id}": ("{credit_note}",),
        "/debit-notes": ("/debit-notes", "/debit-notes?state=waived"),
        "/debit-notes/{debit_note_id}": ("/debit-notes/{proposed_debit_id}",),
        "/exchange-rates": ("/exchange-rates",),
        "/supplier-accounts": ("/supplier-accounts", "/supplier-accounts?open=check"),
        "/supplier-accounts/{approval_id}": ("/supplier-accounts/{approval_id}",),
        "/supplier-accounts/cool-off": ("/supplier-accounts/cool-off",),
        "/ratings/shown": ("/ratings/shown",),
        "/payment-terms": ("/payment-terms",),
        "/open-items": ("/open-items",),
        "/statements": ("/statements",),
        "/statements/{statement_id}": ("{statement}",),
    },
    "administrator": {
        "/people": ("/people",),
        "/alerts": ("/alerts", "/alerts?state=resolved"),
        "/alerts/{alert_id}": ("/alerts/{alert_id}",),
        "/people/{person_id}": ("/people/{person_id}",),
        "/policy/conflicts": ("/policy/conflicts",),
        "/policy": ("/policy", "/policy?person_id={person_id}&permission=orders:approve"),
        "/people/invitations": ("/people/invitations",),
        "/security": ("/security",),
        "/security/terms": ("/security/terms",),
        "/settings/company": ("/settings/company",),
        "/settings/letterhead": ("/settings/letterhead",),
        "/invoices/settings": ("/invoices/settings",),
        "/payment-terms": ("/payment-terms",),
        "/scorecards/settings": ("/scorecards/settings",),
        "/legal-holds": ("/legal-holds",),
        "/engagements": ("/engagements",),
        "/engagements/{engagement_id}": ("/engagements/{engagement_id}",),
        "/people/{person_id}/see-as": ("/people/{person_id}/see-as",),
        "/see-as": ("/see-as",),
        "/see-as/{looking_id}": ("/see-as/{looking_id}",),
        "/emergency-access": ("/emergency-access",),
        "/access-reviews": ("/access-reviews",),
        "/access-reviews/{review_id}": ("/access-reviews/{review_id}",),
        "/access-reviews/roles/{reviewed_id}": ("/access-reviews/roles/{reviewed_id}",),
        "/role-owners": ("/role-owners",),
        "/role-owners/{role}": ("/role-owners/buyer",),
    },
    "approver": {
        "/emergency-access/{emergency_id}": ("/emergency-access/{emergency_id}",),
    },
    "supplier_manager": {
        "/clauses": ("/clauses",),
        "/clauses/new": ("/clauses/new",),
        "/clauses/{clause_id}": ("/clauses/{clause_id}",),
        "/suppliers/new": ("/suppliers/new",),
        "/suppliers/{supplier_id}/edit": ("{supplier}/edit",),
        "/items/new": ("/items/new",),
        "/items/{item_id}/edit": ("{item}/edit",),
        "/items/{item_id}/prices/new": ("{item}/prices/new",),
        "/items/{item_id}/prices/{price_id}/edit": ("{price}/edit",),
        "/imports": ("/imports",),
        "/imports/new": ("/imports/new",),
        "/imports/{file_import_id}": ("/imports/{file_import_id}", "{refused_import}", "{done_import}"),
        "/imports/{file_import_id}/mapping": ("/imports/{file_import_id}/mapping",),
        "/imports/mappings": ("/imports/mappings",),
        "/imports/mappings/{import_mapping_id}": ("/imports/mappings/{import_mapping_id}",),
        "/": ("/",),
        "/suppliers/{supplier_id}": ("{supplier}",),
        "/settings": ("/settings", "/settings?as_of=2026-01-01"),
        "/settings/{kind}/{subject_id}": (
            "/settings/supplier-tolerances/{supplier_id}",
            "/settings/item-tolerances/{item_id}",
        ),
        "/settings/versions/{setting_id}": ("/settings/versions/{setting_id}",),
        "/scorecards": ("/scorecards", "/scorecards?standing=good&min_count=1000"),
        "/scorecards/compare": ("/scorecards/compare?supplier_id={supplier_id}&supplier_id={second_id}",),
        "/scorecards/{scorecard_id}": ("/scorecards/{scorecard_id}",),
        "/scorecards/excuses": ("/scorecards/excuses", "/scorecards/excuses?state=refused"),
        "/scorecards/excuses/new": ("/scorecards/excuses/new?criterion=quality&fact_id={fact_id}",),
        "/scorecards/excuses/{excuse_id}": ("/scorecards/excuses/{excuse_id}",),
    },
    "auditor": {
        "/": ("/",),
        "/audit": ("/audit",),
        "/audit/{entry_id}": ("{entry}",),
        "/audit/records/{record_id}": ("/audit/records/{order_id}",),
        "/audit/records/{record_id}/as-of": (
            "/audit/records/{order_id}/as-of",
            "/audit/records/{order_id}/as-of?at=2020-01-01T10:00",
        ),
        "/audit/records/{record_id}/readers": ("/audit/records/{order_id}/readers",),
        "/audit/members": ("/audit/members",),
        "/audit/policy": ("/audit/policy",),
        "/audit/overrides": ("/audit/overrides", "/audit/overrides?group=emergency"),
        "/audit/configuration": ("/audit/configuration",),
        "/audit/verify": ("/audit/verify",),
        "/engagements": ("/engagements",),
        "/engagements/{engagement_id}": ("/engagements/{engagement_id}",),
        "/workpapers/{paper_id}": ("/workpapers/{paper_id}", "/workpapers/{finding_id}"),
        "/evidence": ("/evidence", "/evidence?engagement_id={engagement_id}"),
        "/evidence/{bundle_id}": ("/evidence/{bundle_id}",),
    },
    "supplier": {
        "/": ("/",),
        "/orders": ("/orders",),
        "/contracts/{contract_id}": ("/contracts/{contract_id}",),
        "/signings/{signing_id}": ("/signings/{signing_id}",),
        "/orders/{order_id}": ("{issued}",),
        "/orders/{order_id}/respond": ("{issued}/respond",),
        "/orders/{order_id}/respond/document": ("{issued}/respond/document",),
        "/orders/{order_id}/change": ("{revised}/change",),
        "/orders/{order_id}/revisions": ("{revised}/revisions",),
        "/orders/{order_id}/despatch": ("/orders/{order_id}/despatch",),
        "/despatch-advices/document": ("/despatch-advices/document",),
        "/invoices/document": ("/invoices/document",),
        "/credit-notes/document": ("/credit-notes/document",),
        "/orders/{order_id}/invoice": ("{billable}/invoice",),
        "/orders/{order_id}/service-entry": ("{performed}/service-entry",),
        "/service-entries/{service_entry_id}/edit": ("{unsent_services}/edit",),
        "/despatch-advices/{advice_id}/edit": ("{unsent_advice}/edit",),
        "/despatch-advices/{advice_id}/invoice": ("{coming}/invoice",),
        "/invoices/{invoice_id}/edit": ("{unsent_invoice}/edit",),
        "/invoices/{invoice_id}/credit": ("{credited_invoice}/credit",),
        "/credit-notes/{credit_id}": ("{unsent_credit}",),
        "/debit-notes/{debit_note_id}": ("/debit-notes/{debit_note_id}",),
        "/credit-notes/{credit_id}/edit": ("{unsent_credit}/edit",),
        "/scorecard": ("/scorecard",),
        "/bank-accounts": ("/bank-accounts",),
        "/bank-accounts/{bank_account_id}": ("/bank-accounts/{bank_account_id}",),
    },
}
# For whoever is not signed in.
OUTSIDE = {
    "/sign-in": "/sign-in",
    "/sign-in/company": "/sign-in/company",
    "/sign-in/company/back": "/sign-in/company/back",
    "/lost-password": "/lost-password",
    "/reset-password/{token}": "{reset}",
    "/invitations/{token}": "{invitation}",
    "/verify": "/verify",
    "/certificates": "/certificates",
}
# Between the password and the portal, and before some acts: tests/browser/test_way_in.py.
ON_THE_WAY = {"/sign-in/next", "/proof"}
# With a second factor proved: tests/browser/test_bank_accounts.py.
PROVED = {
    "/bank-accounts/new", "/bank-accounts/{bank_account_id}/number", "/supplier-accounts/{approval_id}/number",
}  # fmt: skip
# Files, pieces of pages that scripts ask for, and what machines ask.
LISTS = (".csv", ".xlsx", ".xml", "/file", "/progress")
NO_PAGES = {
    "/access-reviews/{review_id}/report.json", "/access-reviews/{review_id}/report.pdf",
    "/documents/{kind}/{record_id}", "/favicon.ico", "/healthz", "/files/{file_id}", "/files/{file_id}/preview",
    "/files/{file_id}/record", "/imports/mappings/{import_mapping_id}/mapping.toml",
    "/imports/{file_import_id}/mapping.toml", "/certificates/{fingerprint}", "/readyz", "/metrics", "/audit.jsonl",
    "/scorecards/compare.pdf", "/settings/letterhead/{letterhead_id}/preview.pdf", "/static/{digest}/{name}",
    "/settings/letterhead/{letterhead_id}/logo.png", "/settings/letterhead/{letterhead_id}/seal.png",
    "/audit/{entry_id}/verify", "/orders/new/items", "/orders/new/suppliers", "/orders/new/terms", "/profile/data.json",
}  # fmt: skip


def pages_of(app: Litestar) -> set[str]:
    handlers = [(route, handler) for route in app.routes for handler in getattr(route, "route_handlers", [])]
    opened = {route.path_format for route, handler in handlers if "GET" in handler.http_methods}
    return {path for path in opened if not path.startswith("/api/") and not path.endswith(LISTS)} - NO_PAGES


def test_no_page_is_forgotten_here(app: Litestar) -> None:
    assert pages_of(app) == {
        *OUTSIDE,
        *ON_THE_WAY,
        *PROVED,
        *(route for pages in LOOKED_AT.values() for route in pages),
    }


@pytest.mark.parametrize("role", LOOKED_AT)
def test_every_page_is_accessible_by_day_and_night_in_both_languages(enter: Enter, portal: Portal, role: str) -> None:
    page = enter(role)
    known = portal.paths | portal.ids
    paths = [path.format(**known) for addresses in LOOKED_AT[role].values() for path in addresses]
    try:
        for language in LANGUAGES:
            speak(page, portal, language)
            for path in paths:
                answer = page.goto(portal.url + path)
                assert answer is not None
                assert answer.status == 200, path
                expect(page.locator("html")).to_have_attribute("lang", language)
                look(page, path)
    finally:
        speak(page, portal, "en")


def test_who_is_not_signed_in_sees_accessible_pages_too(open_page: OpenPage, portal: Portal) -> None:
    page = open_page(f"{portal.url}/sign-in")
    for language in LANGUAGES:
        page.context.add_cookies([{"name": "language", "value": language, "url": portal.url}])
        for path in (*OUTSIDE.values(), "/lost-password?sent=1", "/reset-password/over", "/nowhere"):
            page.goto(portal.url + path.format(**portal.paths))
            expect(page.locator("html")).to_have_attribute("lang", language)
            look(page, path)


def look(page: Page, path: str) -> None:
    """By day and by night on a screen, and once more on a phone; with all opened that can be."""
    page.set_viewport_size({"width": 1280, "height": 800})
    for more in page.locator("main details:not([data-menu]) > summary:visible").all():
        more.click()
    assert raw_codes(page) == [], path
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe_violations(page) == [], (path, scheme)
    assert not scrolls_sideways(page, 1280), path
    assert not scrolls_sideways(page), path
    assert axe_violations(page) == [], (path, "phone")


def speak(page: Page, portal: Portal, language: str) -> None:
    """As the language switch does: it changes the person's profile."""
    token = next(cookie.get("value", "") for cookie in page.context.cookies() if cookie.get("name") == "csrf_token")
    fields: dict[str, str | float | bool] = {"_csrf": token, "language": language}
    assert page.request.post(f"{portal.url}/preferences", form=fields, max_redirects=0).status == 303
