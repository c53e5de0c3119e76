"""A browser for promises that only one can show to hold, and a portal that was backed up."""

from tests.browser.conftest import chromium, enter, open_page
from tests.harness.backed_up import backed_up, restored
from tests.harness.mail import inbox, server

__all__ = ["backed_up", "chromium", "enter", "inbox", "open_page", "restored", "server"]
