"""Purchase orders: from draft through approval and issue to the supplier's answer, and each line's quantity ledger.

Speaks of orders, lines, schedule lines, responses, revisions and holds (UBL Order, OrderResponse). It never knows who
despatches, receives or invoices: they book quantities through `commands.book`, the ledger's only writer.
"""
