"""Evidence: files that people attach to records (photos, certificates), seen by who sees the record.

Speaks of files, their parts on the way in, quarantine, scanner, preview and tombstone. It never decides who may read a
record: each kind of record hands over its own reading through `EVIDENCE` of the wiring.
"""
