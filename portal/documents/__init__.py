"""Documents that last: the PDF of a record's frozen snapshot, made once, stored under its SHA-256, never changed.

Speaks of documents, sheets (what a document says) and the press (the process that sets it). It never reads live rows
of a business record: each kind of record hands over its snapshot through `DOCUMENTS` of the wiring.
"""
