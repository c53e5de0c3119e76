"""Which errors are answers for a person, and the exit code each of them means."""

from portal.platform.constraints import refusal_of
from portal.platform.settings import without_password

WRONGLY_ASKED = 2
ANSWERS = {  # by name, so that a command imports only what it uses
    "portal.platform.settings.BadSettings": WRONGLY_ASKED,
    "portal.platform.postgres.folder.DataFolderRefused": 1,
    "portal.platform.refusals.Refusal": 1,
    "portal.platform.vault.KeyLost": 1,
    "portal.operations.backup.shape.BadBackup": 1,
    "portal.operations.backup.snapshot.NotReadable": 1,
    "portal.operations.backup.restoring.NotRestored": 1,
    "psycopg.OperationalError": 1,
    "asyncpg.exceptions.PostgresConnectionError": 1,
    "asyncpg.exceptions.InvalidAuthorizationSpecificationError": 1,
    "asyncpg.exceptions.InvalidCatalogNameError": 1,
    "builtins.ConnectionError": 1,
}


class Refused(Exception):
    """A command that will not do what was asked; the message says why and what to do instead."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        self.code = code
        super().__init__(sentence)


def exit_code(error: BaseException) -> int | None:
    """The exit code if the error is an answer for a person; None for a mistake of ours, which needs its traceback."""
    if isinstance(error, Refused):
        return error.code
    if refusal_of(error):
        return 1
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__)
    return next((ANSWERS[name] for name in names if name in ANSWERS), None)


def sentence(error: BaseException) -> str:
    """What a person is told: the reason, and which inputs are at fault if it names any."""
    fields = [f"{wrong.field}: {wrong.message}" for wrong in getattr(error, "errors", ())]
    return without_password("\n".join([str(refusal_of(error) or error), *fields]).strip())
