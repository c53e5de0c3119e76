"""Notices to people: who is told by mail that something waits for them, in their language and their time.

Speaks of notices, audiences and mails. It never decides about business and knows no capability above it: it hears of
events by their stable codes, and asks the policy who may act on the record.
"""
