"""What one can do with a goods receipt: book it, inspect what it left open, undo either. Each is one transaction."""

from portal.receipts.commands.inspect import inspect, reverse_inspection
from portal.receipts.commands.receive import create
from portal.receipts.commands.reverse import reverse

__all__ = ["create", "inspect", "reverse", "reverse_inspection"]
