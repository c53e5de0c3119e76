"""Invoices and credit notes for programs."""

from portal.invoicing.api import credits, invoices, machine

routers = (invoices.router, credits.router, machine.router)
