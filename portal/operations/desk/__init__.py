"""The import desk: where people bring files of another system, say what means what, try it, and import it.

Speaks of imports, files, mappings, runs and problems. It never judges a row by itself: what a file says and whether it
is right is for `portal.operations.imports`, which runs in the worker as the organisation's own system actor.
"""
