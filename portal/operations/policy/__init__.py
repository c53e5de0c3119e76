"""The access policy as people read it: who may do what, since when, and why somebody may or may not.

Speaks of roles, permissions, rules and conditions. It decides nothing: decisions are `portal.access`'s.
"""
