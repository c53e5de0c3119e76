"""Who signed which bytes, and whether a PDF in hand is one that this portal issued, unchanged.

Speaks of files, signatures, certificates and revisions (ISO 32000, PAdES: ETSI EN 319 142-1). It signs stored files on
behalf of other kinds of records and knows none of them; it never tells anything of a file that is not in hand.
"""
