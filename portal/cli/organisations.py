"""Setting up the companies that buy and sell here."""

from typing import Annotated, Any

import typer

from portal.cli.members import given, inside, organisation
from portal.cli.place import Data, required
from portal.cli.screen import Json, remark, say_json, table

organisations = typer.Typer(help="Companies that buy or sell here.", no_args_is_help=True)
Text = str | None


@organisations.command("list")
def list_organisations(data: Data = None, json: Json = False) -> None:
    """Every organisation, the oldest first; only the owner of the tables may list them."""
    found = inside(data, _all)
    if json:
        say_json(found)
    else:
        table("", ("Organisation", "Kind", "Id"), [(each["name"], each["kind"], each["id"]) for each in found])


@organisations.command("create")
def create(
    name: Annotated[str, typer.Argument(help="The full name of the legal entity.")],
    kind: Annotated[str, typer.Option(help="buyer, supplier or both.")],
    country: Annotated[str, typer.Option(help="ISO 3166 code, such as DE.")],
    currency: Annotated[str, typer.Option(help="ISO 4217 code of the currency that it keeps its books in.")],
    language: Annotated[Text, typer.Option(help="Of its documents, such as en or zh-Hans.")] = None,
    time_zone: Annotated[Text, typer.Option(help="Such as Europe/Berlin; its dates follow it.")] = None,
    street: Annotated[Text, typer.Option(help="Street and number.")] = None,
    postal_code: Annotated[Text, typer.Option(help="Postal code.")] = None,
    city: Annotated[Text, typer.Option(help="City.")] = None,
    site: Annotated[Text, typer.Option(help="Name of its first site, where goods arrive.")] = None,
    email: Annotated[Text, typer.Option(help="The company's own address.")] = None,
    registration_number: Annotated[Text, typer.Option(help="Its number in the register of companies.")] = None,
    vat_number: Annotated[Text, typer.Option(help="Its VAT number.")] = None,
    gln: Annotated[Text, typer.Option(help="Its Global Location Number.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Set up an organisation with one site. 'portal users add' gives it its first administrator."""
    from portal.access.commands import found
    from portal.access.forms import Founding

    fields = {name: value for name, value in locals().items() if name in Founding.__struct_fields__}

    async def act() -> Any:
        return await found(given(Founding, **fields))

    made = inside(data, act)
    _say({"id": str(made.id), "name": made.name, "kind": made.kind}, f"{made.name} is set up.", json)


@organisations.command("trade")
def trade(
    buyer: Annotated[str, typer.Option(help="Name or id of the buying organisation.")],
    supplier: Annotated[str, typer.Option(help="Name or id of the supplier.")],
    number: Annotated[Text, typer.Option(help="The buyer's number of the supplier.")] = None,
    currency: Annotated[Text, typer.Option(help="Of their orders; the buyer's own if not given.")] = None,
    payment_days: Annotated[int | None, typer.Option(min=0, max=365, help="Days until an invoice is due.")] = None,
    response_days: Annotated[int | None, typer.Option(min=0, max=60, help="Business days to answer an order.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Let two organisations trade: from here on the buyer may order from the supplier."""
    from portal.organisations.commands import approve_supplier
    from portal.organisations.forms import TermsForm
    from portal.platform.actor import Actor

    terms = {"supplier_number": number, "currency": currency}
    agreed = {"payment_days": payment_days, "response_days": response_days}

    async def act() -> Any:
        form = given(TermsForm, **terms, **agreed)
        here, there = await organisation(buyer), await organisation(supplier)
        return await approve_supplier(Actor.system(here["id"]), there["id"], form)

    made = inside(data, act)
    told = {"buyer_id": str(made.buyer_id), "supplier_id": str(made.supplier_id), "state": made.state}
    _say(told, f"{buyer} may order from {made.supplier_name} now.", json)


async def _all() -> list[dict[str, str]]:
    from portal.access.queries import every_organisation

    return await every_organisation(required("PORTAL_OWNER_URL"))


def _say(facts: dict[str, str], sentence: str, json: bool) -> None:
    say_json(facts) if json else remark(sentence)
