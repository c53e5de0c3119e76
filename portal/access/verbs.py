"""Acts on one record, declared once: a route for programs, a plain form's route for people, one command behind both."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, Any, NamedTuple, get_type_hints
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import JSONBody, PathParameter

from portal.access.guards import Acting, may
from portal.platform.actor import Actor
from portal.platform.i18n import Message, _
from portal.platform.refusals import Invalid
from portal.web.context import correcting
from portal.web.flash import go
from portal.web.input import Reason, Typed, as_seen, read_form, reason_of

Answer = Callable[[Actor, UUID], Awaitable[Response[Any]]]
SAY_WHY = _("Say why: without a reason this is not done.")


class Verb(NamedTuple):
    """An act `POST …/{name}`: `run(actor, id)` or, with a `reasoned` one, `run(actor, id, reason)` is its command.

    `done` is what the next page says, or tells it by what the command answers; `told` gives the fields of the one
    sentence from that. A page always asks for the reason that others will read: `insists` is what it says when there is
    none. A question that was put to a person is never left without its answer, whether the verb insists or not. A
    `form` asks for more.
    """

    name: str
    run: Callable[..., Awaitable[Any]]
    permission: str
    operation: str
    done: Message | Callable[[Any], Message]
    reasoned: bool = False
    insists: Message | None = None
    told: Callable[[Any], dict[str, Any]] = lambda record: {"number": record.number}
    form: type[Reason] = Reason

    def said(self, record: Any) -> Message:
        """What the next page says of the record as the command left it."""
        return Message(self.done.text, self.told(record)) if isinstance(self.done, Message) else self.done(record)

    def beside(self, given: Reason | None) -> dict[str, Any]:
        """What a `form` says beside the reason: the command takes it by name."""
        asked = [name for name in self.form.__struct_fields__ if name != "reason"]
        return {} if given is None else {name: getattr(given, name) for name in asked}


def api_verbs(key: str, verbs: Iterable[Verb], answer: Answer) -> list[Any]:
    """Routes below a record's address in the API; each answers with the record as it is then."""
    return [_api_route(key, verb, answer) for verb in verbs]


def page_verbs(base: str, key: str, verbs: Iterable[Verb], show: Answer) -> list[Any]:
    """Routes for the forms on a record's page `base/{id}`; each leads back there with a sentence.

    `show` is that page: what was sent incomplete is asked for again on it.
    """
    return [_page_route(base, key, verb, show) for verb in verbs]


async def asked_again(
    request: Request[Any, Any, Any], base: str, show: Answer, actor: Actor, record_id: UUID, form: Typed, why: Invalid
) -> Response[Any]:
    """The record's page with the question that this form answered open again, and what is wrong with the answer."""
    correcting(f"{base}/{record_id}", request.url.path, form.again(why))
    response = await show(actor, record_id)
    response.status_code = why.status
    return response


def _api_route(key: str, verb: Verb, answer: Answer) -> Any:
    async def plain(actor: Acting, record_id: Annotated[UUID, PathParameter(name=key)]) -> Any:
        await verb.run(actor, record_id)
        return await answer(actor, record_id)

    async def reasoned(
        actor: Acting,
        record_id: Annotated[UUID, PathParameter(name=key)],
        data: Any = None,
    ) -> Any:
        await verb.run(actor, record_id, (data.reason if data else None) or "", **verb.beside(data))
        return await answer(actor, record_id)

    reasoned.__annotations__["data"] = JSONBody[verb.form | None]
    handler = reasoned if verb.reasoned else plain
    handler.__annotations__["return"] = get_type_hints(answer)["return"]
    handler.__doc__ = verb.run.__doc__
    declare = post(
        f"/{{{key}:uuid}}/{verb.name}",
        guards=[may(verb.permission)],
        operation_id=verb.operation,
        summary=_words(verb.operation),
        status_code=200,
    )
    return declare(handler)


def _words(operation: str) -> str:
    """submitPurchaseOrder → Submit purchase order."""
    return re.sub("(?=[A-Z])", " ", operation).lower().capitalize()


def _page_route(base: str, key: str, verb: Verb, show: Answer) -> Any:
    @post(f"{base}/{{{key}:uuid}}/{verb.name}", guards=[may(verb.permission)], include_in_schema=False)
    async def handler(
        request: Request[Any, Any, Any], actor: Acting, record_id: Annotated[UUID, PathParameter(name=key)]
    ) -> Response[Any]:
        form = await read_form(request)
        try:
            asked = SAY_WHY if "reason" in form.values else None
            given = [reason_of(form, verb.insists or asked)] if verb.reasoned else []
            beside = verb.beside(form.convert(verb.form, only=verb.form.__struct_fields__)) if given else {}
        except Invalid as refusal:
            return await asked_again(request, base, show, actor, record_id, form, refusal)
        record = await verb.run(as_seen(actor, form), record_id, *given, **beside)
        return go(f"{base}/{record_id}", verb.said(record))

    return handler
