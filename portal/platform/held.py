"""A command's transaction that stays open until its answer is read, and perhaps written, in it.

A program is answered with what its request did: the answer is read where it was done, before anybody else can change it
again, and costs no second transaction. A request with an idempotency key promises the same answer to whoever repeats
it, so its answer is committed together with the act: both, or neither happened. A process that dies in between leaves
nothing at all.
"""

from typing import Any

from portal.platform.database import SafeTransaction, engine


class Held:
    """The open transaction of one request; `single` says that the request may be one command and no more."""

    def __init__(self, *, single: bool = False) -> None:
        self._single = single
        self._transaction: SafeTransaction | None = None
        self.known: Any = None  # what the command that waits knows (`work.known`)

    async def begin(self, opening: str) -> SafeTransaction:
        """The transaction of the request's next command; what it did before is kept by then.

        A second one of a `single` request could wait for the first for ever.
        """
        assert not (self._single and self._transaction), "a request with an idempotency key is one command"
        await self.end(commit=True)
        self.known = None
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
