"""Invoices from the supplier's draft to settlement, and their match with order and delivery.

Speaks of invoices, charges, duplicates, matching, exceptions, disputes and status codes (EN 16931, Peppol Invoice
Response). It never changes an invoice it received and never writes an order line: quantities are booked in the order's
ledger, and matching only links.
"""
