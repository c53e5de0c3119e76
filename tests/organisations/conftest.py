"""Mails that lead people in."""

from tests.harness.mail import inbox, server

__all__ = ["inbox", "server"]
