"""Contracts with suppliers: negotiated, approved by amount, signed by both sides, in force until they end.

Speaks of contracts, kinds (quantity agreement, value blanket), price terms, caps and allowance. It never knows who
orders under a contract, and books nothing.
"""
