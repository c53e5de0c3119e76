"""Refusals: what the portal says when it does not do what was asked.

Each has an HTTP status and a sentence for a person that says what to do next. One handler renders them as a page, an
htmx fragment or `application/problem+json` (RFC 9457); the command line prints the sentence.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from portal.platform.i18n import Message, _
from portal.platform.problems import FieldError

__all__ = [
    "Away",
    "Conflict",
    "Denied",
    "FieldError",
    "Foreign",
    "Full",
    "Invalid",
    "Malformed",
    "NotFound",
    "NotSignedIn",
    "OnlyLooking",
    "OnlyReading",
    "Refusal",
    "Stale",
    "TooLarge",
    "TooMany",
    "Unavailable",
    "Unsure",
    "WrongKind",
    "WrongMethod",
]


class Refusal(Exception):
    """The portal will not do this, and says why. `subject_id` names the record, so that its reader can be told what
    happened to it meanwhile; `retry_after` (seconds) is when to try again. `leads_to` is the page on which a browser's
    person does what is missing."""

    status: ClassVar[int] = 400
    leads_to: str = ""
    headers: Mapping[str, str] = {}
    title: ClassVar[Message] = _("This is not possible")

    def __init__(
        self,
        message: Message | str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        subject_id: UUID | None = None,
        retry_after: int | None = None,
    ) -> None:
        self.message = message or self.title
        self.errors = tuple(errors)
        self.subject_id = subject_id
        self.retry_after = retry_after
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.message)


class Malformed(Refusal):
    """The request itself (not its body) cannot be read: a query parameter, a header, a cursor."""

    status = 400
    title = _("The request cannot be read")


class NotSignedIn(Refusal):
    status = 401
    title = _("Please sign in")


class Denied(Refusal):
    status = 403
    title = _("You are not allowed to do this")


class OnlyLooking(Denied):
    """Somebody who looks as a colleague would change something, or have something sent."""

    def __init__(self, name: str) -> None:
        super().__init__(_("You look as {name} does: nothing is changed or sent meanwhile. End it first.", name=name))


class OnlyReading(Denied):
    """A key for programs that was made for reading would change something."""

    def __init__(self) -> None:
        super().__init__(_("This key only reads. Make another one for what changes something."))


class TheirOwn(Denied):
    """Somebody who looks as a colleague asks for what is about that colleague alone."""

    def __init__(self, name: str) -> None:
        super().__init__(_("You look as {name} does: what is only about {name} stays theirs. End it first.", name=name))


class NotFound(Refusal):
    status = 404
    title = _("Not found, or not yours to see")


class WrongMethod(Refusal):
    status = 405
    title = _("This address does not take that kind of request")


class Conflict(Refusal):
    """Wrong state, over a tolerance, a duplicate or a lost race."""

    status = 409
    title = _("This cannot be done now")


class Stale(Refusal):
    status = 412
    title = _("Somebody changed this while you were looking at it")


class TooLarge(Refusal):
    status = 413
    title = _("This is too large")


class WrongKind(Refusal):
    status = 415
    title = _("Send the body as JSON, with the header Content-Type: application/json")


class Invalid(Refusal):
    """Malformed or impossible input: always names each field at fault, all at once."""

    status = 422
    title = _("There is a problem with what was entered")

    @classmethod
    def field(cls, field: str, message: Message | str) -> "Invalid":
        return cls(errors=[FieldError(field, message)])


class TooMany(Refusal):
    status = 429
    title = _("Too many attempts")


class Unavailable(Refusal):
    """The database cannot be reached, or went away before anything was kept."""

    status = 503
    title = _("The portal cannot reach its database")

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed. Try again in half a minute."), retry_after=30)


class Unsure(Refusal):
    """The database went away while it was told to keep what was done: it may have heard that or not."""

    status = 503
    title = _("It is not known whether this was done")

    def __init__(self) -> None:
        told = _("The connection to the database broke at the last moment. Look whether it was done, then try again.")
        super().__init__(told, retry_after=30)


class Away(Refusal):
    """The store that files are kept in does not answer, or not to us. Trying again makes sense."""

    status = 503
    title = _("The store of files cannot be reached")

    def __init__(self) -> None:
        told = _("The place where files are kept does not answer. Nothing is lost: try again in a minute.")
        super().__init__(told, retry_after=60)


class Foreign(Away):
    """This process was given another store than the portal's own, where files would be lost between hosts."""

    title = _("This server keeps files elsewhere than the portal does")

    def __init__(self) -> None:
        told = _("Nothing was written there and nothing is lost. Tell whoever runs the portal.")
        Refusal.__init__(self, told, retry_after=60)


class Full(Refusal):
    """The disk or the store that files are kept on takes no more."""

    status = 507
    title = _("There is no room for this file")

    def __init__(self) -> None:
        super().__init__(
            _("The portal’s disk is full. What arrived is kept: go on later, or tell whoever runs the portal.")
        )
