"""A command's transaction that stays open until its answer is written beside it.

A request with an idempotency key promises the same answer to whoever repeats it. So the answer belongs to the act: both
are committed together, or neither happened. A process that dies in between leaves nothing at all.
"""

from portal.platform.database import SafeTransaction, engine


class Held:
    """The one transaction of one request; what is read for the answer is read in it too."""

    def __init__(self) -> None:
        self._transaction: SafeTransaction | None = None

    def begin(self, opening: str) -> SafeTransaction:
        """The transaction of the request's command. A second one could wait for the first for ever."""
        assert self._transaction is None, "a request with an idempotency key is one command"
        self._transaction = SafeTransaction(engine(), opening, changes=True, stays_open=True)
        return self._transaction

    @property
    def began(self) -> bool:
        """Whether the request came as far as its command."""
        return self._transaction is not None

    @property
    def transaction(self) -> SafeTransaction | None:
        """The command's transaction while it waits for the answer; None before, afterwards and without a command."""
        return self._transaction if self._transaction is not None and self._transaction.waiting else None

    async def end(self, *, commit: bool) -> None:
        """Commit or roll back what still waits."""
        if self.transaction is not None:
            await self.transaction.end(commit=commit)
