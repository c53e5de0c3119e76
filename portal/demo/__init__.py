"""The demo company: one buyer, its suppliers, their catalogue and half a year of orders, the same at every first start.

Everything is done by the portal's own commands, by the people of the story, on the days of the story: there is nothing
in the demo that a customer could not have done. Names are invented.
"""

from portal.demo.build import Account, build

__all__ = ["Account", "build"]
