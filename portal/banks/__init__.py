"""Where suppliers are paid: versions of their bank accounts, made by two people, and each buyer's approval of them.

Speaks of accounts, versions, approvals, call-backs and the cool-off. It keeps numbers sealed and shows them to who pays
or owns them; it never pays.
"""
