"""Who is who and who may do what: people, organisations, memberships, sessions, and the decisions of the policy.

Speaks of persons, roles, scopes, permissions and conditions. It never knows what an order or an invoice is:
capabilities name their permissions, `policies/` gives them to roles.
"""
