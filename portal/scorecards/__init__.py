"""How well a supplier keeps its promises: facts written as they happen, and the scores that follow from them.

Speaks of facts, criteria, weights, scores and standings; a figure is always a sum over facts that can be listed, and
no data is no data. It never asks an order's header again, never books a quantity, and never decides what a standing
brings: orders read it from the trading relationship.
"""
