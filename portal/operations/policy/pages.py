"""The policy in a browser: the matrix of roles, what changed when, and why somebody may do something."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromQuery, QueryParameter

from portal.access.guards import Acting, may
from portal.access.policy import POLICY
from portal.access.queries import colleagues
from portal.access.words import CONDITIONS
from portal.operations.policy import queries
from portal.operations.policy.conflicts import by_person, role_conflicts, shared_traits
from portal.platform.i18n import _
from portal.platform.refusals import Invalid
from portal.platform.wiring import MenuEntry
from portal.platform.work import View, viewing
from portal.web import Form, page

MENU = [MenuEntry(_("Access policy"), "/policy", "shield-check", "policy:read", 92)]


@get("/policy", guards=[may("policy:read")], include_in_schema=False)
async def show(
    actor: Acting,
    person_id: FromQuery[UUID | None] = None,
    permission: FromQuery[str] = "",
    about: Annotated[str, QueryParameter(name="record")] = "",
    words: Annotated[str, QueryParameter(name="query")] = "",
    role: FromQuery[str] = "",
) -> Response[Any]:
    """The matrix, or what words and a role leave of it; with a person and a permission also the reasons."""
    form, answer = Form({"person_id": person_id, "permission": permission, "record": about}), None
    async with viewing(actor) as view:
        people = [(member.person_id, f"{member.name} · {member.email}") for member in await colleagues(view)]
        loads, gone = await queries.loads(view), await queries.loads_gone(view)
        if person_id is not None and permission:
            form, answer = await _asked(view, form, person_id)
    roles, rows = queries.matrix(actor.organisation_kind)
    permissions = [(row.permission, f"{row.title} · {row.permission}") for row in rows]
    chosen, shown = [each for each in roles if role in ("", each)] or roles, queries.narrowed(rows, words, role)
    told: dict[str, Any] = {"people": people, "permissions": permissions, "form": form, "answer": answer}
    told |= {
        "all_roles": roles,
        "roles": chosen,
        "areas": queries.by_areas(shown),
        "query": words,
        "role": role,
        "loads": loads,
        "gone": gone,
        "digest": POLICY.digest,
        "conditions": CONDITIONS,
    }
    marks = {name: number for number, name in enumerate(CONDITIONS, 1)}
    return page("policy/show.html", status=422 if form.errors else 200, marks=marks, **told)


@get("/policy/conflicts", guards=[may("policy:read")], include_in_schema=False)
async def conflicts(actor: Acting) -> Response[Any]:
    """Who could break the segregation of duties."""
    async with viewing(actor) as view:
        people, suppliers = by_person(await role_conflicts(view)), await shared_traits(view)
    return page("policy/conflicts.html", people=people, suppliers=suppliers)


async def _asked(view: View, form: Form, person_id: UUID) -> tuple[Form, queries.Answer | None]:
    try:
        return form, await queries.why(view, person_id, form.value("permission"), form.value("record"))
    except Invalid as refusal:
        return Form(form.values, refusal.errors), None


router = Router("/", route_handlers=[show, conflicts])
