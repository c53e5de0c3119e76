"""Items that the organisation buys, and what each supplier asks for them.

Speaks of items, supplier prices, units, lead times and minimum quantities. It never orders anything.
"""
