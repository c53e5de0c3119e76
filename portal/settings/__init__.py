"""Settings that two people make: proposed by one, approved by another, in force from a day on, readable as of any day.

Keeps versions of tolerances, approval limits and rules of scoring; the capabilities that own them say in
`platform.wiring` which columns they are. It never decides what a setting means, and no hot read comes here.
"""
