"""Procurement and supplier portal.

Buying organisations request, order, receive, match and pay; suppliers answer, despatch and invoice; auditors read.
Each folder is one capability; later steps of the business process know earlier ones, never the reverse.
"""
