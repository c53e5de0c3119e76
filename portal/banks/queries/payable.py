"""When an account may be paid, in one place."""

from typing import Final

PAYABLE: Final = """({0}.state = 'approved' and {0}.payable_from <= portal.now()
  and ({0}.payable_until is null or {0}.payable_until > portal.now()))"""
