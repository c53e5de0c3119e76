"""Stories about bank accounts have a server for the mails that they bring."""

from tests.harness.mail import inbox, server

__all__ = ["inbox", "server"]
