"""What both sides said about a contract."""

from uuid import UUID

from portal.access.queries import names
from portal.contracts.forms import CommentOut
from portal.contracts.queries.one import contract_row
from portal.organisations.forms import PartyOut
from portal.platform.work import View

SHOWN = 200
_NEWEST = f"""
select * from contract_comment where contract_id = $1 order by created_at desc, id desc limit {SHOWN}"""


async def comments_on(view: View, contract_id: UUID) -> list[CommentOut]:
    """The newest of them, the oldest first."""
    contract = await contract_row(view, contract_id)
    records = (await view.fetch(_NEWEST, contract_id))[::-1]
    people = await names(view, list({record["created_by"] for record in records})) if records else {}
    parties = {contract.buyer_id: contract.buyer_name, contract.supplier_id: contract.supplier_name}
    return [
        CommentOut(
            record["id"],
            PartyOut(record["organisation_id"], parties[record["organisation_id"]]),
            people.get(record["created_by"], ("",))[0],
            record["comment"],
            record["created_at"],
        )
        for record in records
    ]
