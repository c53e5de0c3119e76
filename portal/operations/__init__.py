"""Looking after a running portal: bringing other systems' data in.

Speaks of files, mappings, rows and reports. It never decides what an order or a price means: what it loads keeps
the rules of the capability that owns the table, and it acts as the organisation's own system actor.
"""
