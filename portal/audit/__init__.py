"""The log as people read it: who did what to which record, when, and what changed.

Speaks of entries, actors, subjects and leaves. It writes nothing: entries are made by the unit of work, in the
transaction of the change itself, and are never rewritten.
"""
