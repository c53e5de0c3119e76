"""Access that is looked at again: more roles for an emergency, and the review of everybody's roles each quarter.

Speaks of emergencies, campaigns, reviewers, owners of roles and verdicts. It gives and takes roles by access alone, and
never decides what a role may do.
"""
