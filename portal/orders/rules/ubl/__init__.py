"""Orders, their answers and their cancellation as UBL 2.1: what a record says in a document, and the reverse."""
