"""Libraries that few requests need: loaded at their first use, so that the portal starts without waiting for them."""

import importlib
from typing import Any


class Late:
    """Stands for a module until somebody asks something of it.

    if TYPE_CHECKING:
        import holidays
    else:
        holidays = Late("holidays")
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, found)
        return found
