"""Alerts: files taken out in masses, guessed passwords, changes of policy and of bank accounts.

Speaks of alerts, who looks after one and how it was resolved. It only watches: it refuses nothing and undoes nothing.
"""
