"""The API's own description: OpenAPI for programs, and a reference page for whoever writes one."""

from portal.web.reference.routes import reference
from portal.web.reference.schema import FieldSchemas, described

__all__ = ["FieldSchemas", "described", "reference"]
