"""Stories about alerts have a server for the mails that they bring."""

from tests.harness.mail import inbox, server

__all__ = ["inbox", "server"]
