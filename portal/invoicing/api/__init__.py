"""Invoices and credit notes for programs."""

from portal.invoicing.api import credits, invoices, machine, received, received_credits

routers = (invoices.router, credits.router, machine.router, received.router, received_credits.router)
