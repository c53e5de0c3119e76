"""Service entries: what a supplier performed, in which period, and what of it the buyer accepts.

Speaks of service entries, periods, quantities and amounts, acceptance and rejection line by line. A service is neither
despatched nor received as goods; what is accepted of it counts in the order's ledger as what came. It never pays.
"""
