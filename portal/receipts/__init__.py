"""Goods receipts: what came, when it came, how much of it was accepted and what was wrong with the rest.

Speaks of goods receipts, delivery notes, accepted and rejected quantities and reversals (UBL ReceiptAdvice). A receipt
is never edited: a mistake is undone by a reversal. It never closes an order and never pays anything.
"""
