"""The last step of a mail's way to a mail server: its text is given only to whom it was claimed by, and only once.

SMTP cannot tell a mail that was taken from one that was lost when the connection breaks after the text (RFC 5321, 6.1
and RFC 1047): whoever sends it again doubles it, whoever does not may lose it. So the mail is claimed when the server
waits for its text and for nothing else; what may then go wrong unnoticed is as short as it can be.
"""

import re
from collections.abc import Callable
from typing import Any

import aiosmtplib

from portal.messaging.post import Claim, Claimed, NotTaken, Unconfirmed, Undeliverable

_DOTS = re.compile(rb"^\.", re.MULTILINE)
_GO_ON, _TAKEN, _FOR_GOOD = 354, 250, 500


class Client(aiosmtplib.SMTP):
    """A client that claims the mail when the server is ready for its text."""

    def __init__(self, claim: Claim, given: Callable[[], None], **told: Any) -> None:
        super().__init__(**told)
        self._claim, self._given = claim, given

    async def data(self, message: str | bytes, /, **_told: Any) -> aiosmtplib.SMTPResponse:
        """Raises Claimed, and after the claim nothing but NotTaken, Undeliverable or Unconfirmed."""
        text = _DOTS.sub(b"..", message.encode("ascii") if isinstance(message, str) else message)
        begun = await self.execute_command(b"DATA", timeout=self.timeout)
        if begun.code != _GO_ON:
            raise aiosmtplib.SMTPDataError(begun.code, begun.message)
        if not await self._claim():
            self.close()  # without the end of the text there is no mail (RFC 5321, 4.1.1.4)
            raise Claimed
        answer = await self._give(text)
        if answer.code >= _FOR_GOOD:
            raise Undeliverable(f"refused: {answer.code} {answer.message}")
        if answer.code != _TAKEN:
            raise NotTaken(f"not now: {answer.code} {answer.message}")
        return answer

    async def _give(self, text: bytes) -> aiosmtplib.SMTPResponse:
        whole = text + (b"" if text.endswith(b"\r\n") else b"\r\n") + b".\r\n"
        assert self.protocol is not None, "the server just answered"
        self._given()
        try:
            self.protocol.write(whole)
            return await self.protocol.read_response(timeout=self.timeout)
        except (aiosmtplib.SMTPException, OSError) as error:
            self.close()
            raise Unconfirmed(f"{type(error).__name__}: {error}") from error
