"""What every capability stands on: the unit of work, states, money, numbering, jobs, settings and the database.

Speaks the words of engineering, not of business. It never imports a capability: what must point upward goes
through the tables of `wiring`, which `portal.app.wire()` fills.
"""
