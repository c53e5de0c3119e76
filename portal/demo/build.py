"""Building the demo: found the firms, hire the people, fill the catalogue, play the story."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from portal.access.commands import add_member, found_organisation, set_password
from portal.access.queries import member_named
from portal.access.tables import Organisation, Person, Site
from portal.catalogue.commands import add_item, set_prices
from portal.catalogue.forms import ItemForm, PriceListForm
from portal.demo.accounts import change_an_account, tell_accounts
from portal.demo.agreements import agree_on_terms, keep_templates, note_rates, state_what_is_open
from portal.demo.cast import BUYER, GOODS, NEWCOMER, SUPPLIERS, Firm, Good, Member
from portal.demo.contracts import agree_for_longer, sign_papers
from portal.demo.files import bring_files
from portal.demo.judgements import judge, make_an_exception
from portal.demo.late import come_late
from portal.demo.oversight import look_over, review_access, tell_of_an_emergency
from portal.demo.rules import set_rules
from portal.demo.signed_here import agree_here
from portal.demo.stage import Stage
from portal.demo.story import FIRST_DAY, play
from portal.demo.turns import share_a_lorry
from portal.operations.imports.aside import end_threads
from portal.organisations.commands import approve_supplier
from portal.organisations.forms import BroughtTerms, TermsForm
from portal.platform.actor import Actor
from portal.platform.context import set_clock
from portal.platform.convert import convert
from portal.platform.database import connect, disconnect
from portal.platform.gate import gate
from portal.platform.ids import new_id
from portal.platform.settings import settings
from portal.scorecards.commands import recompute_standings

Report = Callable[[float, str], None]
LONGEST_AWAY = 730  # days: a demo that stands for a season still lets everybody in
BEGINNING = timedelta(days=FIRST_DAY + 14)  # two weeks to list goods and prices before the first order


class Account(NamedTuple):
    """Somebody who can sign in to the demo."""

    email: str
    organisation: str
    roles: tuple[str, ...]


async def build(owner_url: str, password: str, report: Report) -> list[Account]:
    """Make the demo company unless it is there already; gives its accounts."""
    await connect(settings().database_url)
    try:
        if await member_named("buyer@demo.test") is None:
            await _build(password, report)
    finally:
        set_clock(None)
        end_threads()
        await disconnect()
    return [
        Account(member.email, firm.name, member.roles)
        for firm in (BUYER, *SUPPLIERS)
        for member in firm.members
        if member.account
    ]


async def _build(password: str, report: Report) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    set_clock(now - BEGINNING)
    stage = Stage(now)
    for number, firm in enumerate((BUYER, *SUPPLIERS)):
        report(0.02 * number, f"Founding {firm.name}")
        stage.organisations[firm.name] = await _found(firm, password, stage)
    buyer = stage.people["buyer@demo.test"]
    for firm in SUPPLIERS:
        await approve_supplier(
            buyer,
            stage.organisations[firm.name],
            _agreed(firm.terms),
        )
    for good in GOODS:
        stage.items[good.number] = await _list(good, buyer, stage)
    await agree_on_terms(stage)
    await tell_accounts(stage)
    await note_rates(stage)
    await play(stage, lambda done, what: report(0.2 + 0.75 * done, what))
    await share_a_lorry(stage)
    await state_what_is_open(stage)
    report(0.94, "Writing contracts")
    await agree_for_longer(stage)
    await come_late(stage, await agree_here(stage))
    await sign_papers(stage)
    report(0.95, "Bringing files")
    await bring_files(stage)
    set_clock(now - timedelta(days=3))
    await keep_templates(stage)
    stage.organisations[NEWCOMER.name] = await _found(NEWCOMER, password, stage)
    await approve_supplier(buyer, stage.organisations[NEWCOMER.name], _agreed(NEWCOMER.terms))
    set_clock(None)
    report(0.97, "Scoring the suppliers")
    await judge(stage)
    set_clock(None)
    await _let_go(stage)
    await _govern(stage)


def _agreed(terms: Mapping[str, Any]) -> TermsForm:
    return convert(BroughtTerms if "tolerances" in terms else TermsForm, terms)


async def _govern(stage: Stage) -> None:
    """Rules of the company, and who looks whether they are kept."""
    await make_an_exception(stage)
    await set_rules(stage)
    await change_an_account(stage)
    await tell_of_an_emergency(stage)
    await review_access(stage)
    set_clock(None)
    await look_over(stage)


async def _let_go(stage: Stage) -> None:
    """The days of the story's mails and jobs are over, so what waits of them is dropped; the scores are worked out."""
    async with gate() as connection:
        await connection.execute("delete from dramatiq.queue")
    await recompute_standings(Actor.system(stage.organisations[BUYER.name]))


async def _found(firm: Firm, password: str, stage: Stage):
    address = {"street": firm.street, "city": firm.city, "postal_code": firm.postal_code, "country": firm.country}
    organisation = Organisation(
        id=new_id(),
        name=firm.name,
        kind=firm.kind,
        country=firm.country,
        address=address,
        currency=firm.currency,
        time_zone=firm.time_zone,
        language=firm.language,
        second_factor="own",
        dormant_days=LONGEST_AWAY,
        vat_number=firm.vat_number,
        email=firm.email,
        phone=firm.phone,
        tolerances={},
    )
    site = Site(id=new_id(), name="Main works", address=address, time_zone=firm.time_zone, is_default=True)
    await found_organisation(organisation, [site])
    for member in firm.members:
        stage.people[member.email] = await _hire(organisation, firm, member, password)
    return organisation.id


async def _hire(organisation: Organisation, firm: Firm, member: Member, password: str) -> Actor:
    system = Actor.system(organisation.id)
    person = Person(
        id=new_id(),
        full_name=member.full_name,
        email=member.email,
        language=member.language,
        time_zone=firm.time_zone,
    )
    await add_member(system, person, member.roles, **member.rights)
    await set_password(system, person.id, password, known=True, first=True)
    actor = await member_named(member.email)
    assert actor is not None
    return actor


async def _list(good: Good, buyer: Actor, stage: Stage):
    """An item of the buyer, with what its supplier asks for it."""
    foreign = next(firm.country for firm in SUPPLIERS if firm.name == good.supplier) != BUYER.country
    listed = {
        "number": good.number,
        "name": good.name,
        "unit": good.unit,
        "category": good.category,
        "tax_category": "AE" if foreign else "S",
        "tax_rate": "0" if foreign else "19",
    }
    item = await add_item(buyer, convert(ItemForm, listed))
    terms = {
        "supplier_id": str(stage.organisations[good.supplier]),
        "currency": next(firm.currency for firm in SUPPLIERS if firm.name == good.supplier),
        "base_quantity": good.base_quantity,
        "lead_time_days": good.lead_time_days,
    }

    async def asks(unit_price: str, **valid: str) -> None:
        told = terms | {"breaks": [{"unit_price": unit_price}]} | valid
        await set_prices(buyer, item.id, convert(PriceListForm, told))

    if good.dearer is None:
        await asks(good.unit_price)
        return item
    changed = (stage.now - timedelta(days=good.dearer[0])).date()
    await asks(good.unit_price, valid_to=(changed - timedelta(days=1)).isoformat())
    await asks(good.dearer[1], valid_from=changed.isoformat())
    return item
