"""Time stamps for signatures, from the authority of PORTAL_TIMESTAMP_URL (RFC 3161, PAdES B-T: ETSI EN 319 142-1).

A signature that should be stamped and is not is none: whoever signs then is told to try again.
"""

import asyncio
from typing import Any, Final, cast
from urllib.request import Request

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from portal.platform.calling import called
from portal.platform.i18n import _
from portal.platform.refusals import Refusal
from portal.platform.settings import settings

PATIENCE: Final = 20.0  # seconds
LONGEST: Final = 100_000  # bytes of an answer
UNSTAMPED: Final = (OSError, TimestampRequestError)


class Unstamped(Refusal):
    """The time-stamp authority did not answer, or answered something else than a stamp."""

    status = 503
    title = _("The signature could not be stamped")

    def __init__(self) -> None:
        super().__init__(
            _("The time-stamp authority does not answer. Nothing was signed. Try again later."), retry_after=60
        )


class Stamper(TimeStamper):
    """Asks one authority over HTTP (RFC 3161, 3.4)."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer, if it stamps what was asked. Raises one of `UNSTAMPED`."""
        answer = await asyncio.to_thread(self._ask, req.dump())
        try:
            return _stamping(answer, req)
        except (ValueError, TypeError, KeyError) as broken:
            raise TimestampRequestError("The answer cannot be read.") from broken

    def _ask(self, question: bytes) -> bytes:
        asked = Request(self._url, question, {"content-type": "application/timestamp-query"})  # noqa: S310 its scheme is checked with the setting
        with called(asked, PATIENCE) as told:
            return told.read(LONGEST)


def stamper() -> Stamper | None:
    """The authority that is configured, if one is."""
    url = settings().timestamp_url
    return Stamper(url) if url else None


def _stamping(answer: bytes, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
    """An answer that is a stamp of the very digest that was asked about, or one that says why there is none."""
    told = tsp.TimeStampResp.load(answer)
    if cast("Any", told["status"]["status"]).native in ("granted", "granted_with_mods"):
        content: Any = told["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
        asked: Any = req["message_imprint"]
        if content["message_imprint"]["hashed_message"].native != asked["hashed_message"].native:
            raise TimestampRequestError("The authority stamped something else.")
    return told
