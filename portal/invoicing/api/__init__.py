"""Invoices and credit notes for programs."""

from portal.invoicing.api import credits, invoices

routers = (invoices.router, credits.router)
