"""What one can do with a service entry: each verb is one function and one transaction."""

from portal.services.commands.decide import accept, decide, reject
from portal.services.commands.draft import cancel, create, edit, submit
from portal.services.commands.reverse import reverse

__all__ = ["accept", "cancel", "create", "decide", "edit", "reject", "reverse", "submit"]
