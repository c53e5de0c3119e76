"""What is done with attached files, one function a verb."""

from portal.evidence.commands.acts import delete, share
from portal.evidence.commands.bring import Arrived, attach, begin
from portal.evidence.commands.check import CHECK, check
from portal.evidence.commands.dispose import dispose
from portal.evidence.commands.parts import progress, take_part
from portal.evidence.commands.tidy import again, forget_bytes, give_up

__all__ = [
    "CHECK",
    "Arrived",
    "again",
    "attach",
    "begin",
    "check",
    "delete",
    "dispose",
    "forget_bytes",
    "give_up",
    "progress",
    "share",
    "take_part",
]
