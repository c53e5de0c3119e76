"""What people and the worker do with batches."""

from portal.operations.batches.commands.ask import ask, cancel
from portal.operations.batches.commands.ending import look_after
from portal.operations.batches.commands.making import MAKE, make, shelf

__all__ = ["MAKE", "ask", "cancel", "look_after", "make", "shelf"]
