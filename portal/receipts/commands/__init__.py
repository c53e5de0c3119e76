"""What one can do with a goods receipt: book it, and undo it. Each is one function and one transaction."""

from portal.receipts.commands.receive import create
from portal.receipts.commands.reverse import reverse

__all__ = ["create", "reverse"]
