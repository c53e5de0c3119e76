"""Batches: many documents of a month as one file, for whoever would else open them one by one.

Speaks of batches, their documents and their turns. It gives nobody a document that they could not open themselves, and
keeps no file for longer than somebody needs to fetch it.
"""
