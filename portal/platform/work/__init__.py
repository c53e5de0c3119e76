"""The unit of work: one command, one transaction, one audit entry with before and after.

`changing(actor)` and `viewing(actor)` are the only ways to the business tables. `Change` buffers what a command writes
and flushes rows, audit entries, jobs and the idempotency key as one data-modifying statement, so that they all happen
or none does. It never decides anything about business.
"""

from portal.platform.work.begin import changing, require_within_scope
from portal.platform.work.change import Change
from portal.platform.work.rows import Row
from portal.platform.work.view import View, viewing

__all__ = ["Change", "Row", "View", "changing", "require_within_scope", "viewing"]
