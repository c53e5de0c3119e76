"""Changes of issued orders, as clients send them."""

from typing import Any

from portal.orders.forms import ChangeForm
from portal.platform.convert import convert


def changed(*lines: dict[str, Any], **header: Any) -> ChangeForm:
    return convert(ChangeForm, header | {"lines": list(lines) or None})


def to(number: int = 1, **figures: Any) -> dict[str, Any]:
    """A line as it is to be."""
    return {"line": number, "code": "3"} | figures


def without(number: int) -> dict[str, Any]:
    return {"line": number, "code": "7"}


def added(line: dict[str, Any]) -> dict[str, Any]:
    return {"code": "1", "added": line}
