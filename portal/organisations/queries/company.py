"""One's own company as it says itself."""

from portal.organisations.forms.company import CompanyOut
from portal.platform.refusals import NotFound
from portal.platform.work import View

_COLUMNS = ", ".join(CompanyOut.__struct_fields__)


async def company(view: View) -> CompanyOut:
    record = await view.one(f"select {_COLUMNS} from organisation where id = $1", view.actor.organisation_id)
    if record is None:
        raise NotFound()
    return CompanyOut(**dict(record))
