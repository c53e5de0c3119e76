"""Trading relationships between buyers and suppliers: terms, holds, tolerances, standing.

Speaks of parties, relationships, sites and terms. It never knows what was ordered; scorecards write a supplier's
standing through its commands, and orders read it here.
"""
