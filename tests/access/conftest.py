"""Stories about mails have a server to send to."""

from tests.harness.mail import inbox, server

__all__ = ["inbox", "server"]
