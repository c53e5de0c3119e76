"""Debit notes: what a late delivery costs by its contract, proposed with its arithmetic, for a person to decide on.

Speaks of debit notes, due days, free days, rates and their limit. It never books anything, nor pays less: what was
accepted is told to the supplier, and settled with it outside.
"""
