"""The columns of the log in the words of the pages that show them, in the order they are read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portal.audit.fields.agreed import AGREED
from portal.audit.fields.content import CONTENT
from portal.audit.fields.course import COURSE
from portal.platform.i18n import Message

FIELDS: Final[Mapping[str, Message]] = MappingProxyType(CONTENT | AGREED | COURSE)
