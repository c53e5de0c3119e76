"""Ordering again: copies of orders, and order templates that people keep for themselves or share in their organisation.

Speaks of copies, templates, and differences between what was ordered then and what it is today. It only ever makes
drafts: what follows is the order's own business.
"""
