"""Stories about guests have a server that their mails are sent to."""

from tests.harness.mail import inbox, server

__all__ = ["inbox", "server"]
