"""What a person sees: layouts, components, formats, error pages and the files a browser needs.

It speaks of pages, forms, badges and tables, never of orders or invoices: a capability's `pages.py` hands records to
`page()` and its own template puts them into the components of `templates/components/`. It never asks the database and
never decides what may be done.
"""

from portal.web.context import Flash, MenuItem, Organisation, PageContext
from portal.web.forms import Form
from portal.web.render import fragment, page

__all__ = ["Flash", "Form", "MenuItem", "Organisation", "PageContext", "fragment", "page"]
