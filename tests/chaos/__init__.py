"""Crash tests: purchase orders go through their whole cycle while parts of the portal are killed, and nothing may be
lost, doubled or wrong at the end. `python -m tests.chaos --cycles 1000 --kills 120` prints the tally.
"""
