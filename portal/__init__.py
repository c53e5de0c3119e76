"""Procurement and supplier portal.

Buying organisations request, order, receive, match and pay; suppliers answer, despatch and invoice; auditors read.
Each folder is one capability; later steps of the business process know earlier ones, never the reverse.
"""

import sys

# structlog paints tracebacks by rich where it finds it, and loads a hundred modules for that; ours are plain.
_rich = sys.modules.setdefault("rich", None)  # pyright: ignore[reportArgumentType] `None` is "not there"
import structlog  # noqa: E402, F401 here, before anybody else

if _rich is None:
    del sys.modules["rich"]
