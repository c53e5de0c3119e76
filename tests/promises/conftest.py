"""A browser for promises that only one can show to hold."""

from tests.browser.conftest import chromium, enter, open_page
from tests.harness.mail import inbox, server

__all__ = ["chromium", "enter", "inbox", "open_page", "server"]
