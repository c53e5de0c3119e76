"""The demo company: one buyer, its suppliers, their catalogue and a year of orders, the same at every first start.

Everything is done by the portal's own commands, by the people of the story, on the days of the story: no record is
there that a customer could not have made. Only the jobs that they left waiting are dropped at the end: nobody is to get
mails of last spring. Names are invented.
"""

from portal.demo.build import Account, build

__all__ = ["Account", "build"]
