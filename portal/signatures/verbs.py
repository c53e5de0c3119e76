"""The acts on a signing that need nothing but the record, and at most a reason."""

from portal.access.verbs import Verb
from portal.platform.i18n import _
from portal.signatures import commands
from portal.signatures.tables import Signing

WHY = _("Say why: both sides read this.")


def _title(signing: Signing) -> dict[str, str]:
    return {"title": signing.title}


VERBS = [
    Verb("sign", commands.sign, "signatures:sign", "signDocument", _("You signed {title}."), told=_title),
    Verb(
        "decline", commands.decline, "signatures:decline", "declineSigning",
        _("{title} is declined. Nobody signs it any more."), True, WHY, told=_title,
    ),
    Verb(
        "withdraw", commands.withdraw, "signatures:withdraw", "withdrawSigning",
        _("{title} is withdrawn. Nobody signs it any more."), True, WHY, told=_title,
    ),
]  # fmt: skip
