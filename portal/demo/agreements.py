"""What the company has agreed on beside its orders: payment terms, rates of exchange, templates, statements."""

from decimal import Decimal

from portal.analytics import commands as statements
from portal.analytics.forms import StatementForm
from portal.demo.cast import BUYER, SUPPLIERS
from portal.demo.scene import form
from portal.demo.stage import Stage
from portal.organisations.commands import agree_terms, enter_rates, offer_terms
from portal.organisations.forms import Agreement, PaymentTermForm, RateForm
from portal.platform.work import viewing
from portal.reorders import commands as reorders
from portal.reorders.forms import TemplateForm

_CASH = [{"percent": "2", "days": 10}]
# What is offered, and to whom it was promised.
TERMS = (
    ({"name": "30 days from receipt of the goods", "base": "goods_receipt", "days": 30}, "Quillon Bearings"),
    ({"name": "30 days net, 2 % within 10 days", "days": 30, "steps": _CASH}, "Tarnwick Metals"),
    ({"name": "End of month and 15 days", "month_end": True, "days": 15}, "Osier Electric"),
)
TEMPLATES = (
    ("Fasteners for the assembly line", "Brightbolt Fasteners", True),
    ("Packaging", "Petrel Packaging", False),
)
FIRST_RATE = 390
STATED = (
    ("Petrel Packaging", "agree"),
    ("Tarnwick Metals", "object"),
    ("Brightbolt Fasteners", ""),
)


async def agree_on_terms(stage: Stage) -> None:
    """Before the first order: what is offered, and to whom."""
    buyer = stage.people["buyer@demo.test"]
    for offered, supplier in TERMS:
        terms = await offer_terms(buyer, form(PaymentTermForm, **offered))
        await agree_terms(buyer, stage.organisations[supplier], Agreement(payment_term_id=terms.id))


async def note_rates(stage: Stage) -> None:
    """What a foreign currency is worth, once a month, before the first order: each order's own days go on while the
    next one's begin again, and every document keeps the newest rate of its day."""
    for begun in range(FIRST_RATE, 0, -30):
        day = stage.at(begun).date().isoformat()
        worth = str(Decimal("0.1268") + Decimal("0.0004") * (begun // 30 % 5))
        said = {"currency": "CNY", "valid_on": day, "rate": worth, "source": "House rate of the month"}
        await enter_rates(stage.people["payable@demo.test"], [form(RateForm, **said)])


async def keep_templates(stage: Stage) -> None:
    """Orders that come again and again."""
    requester = stage.people["requester@demo.test"]
    for name, supplier, shared in TEMPLATES:
        async with viewing(requester) as view:
            last = await view.value(
                "select id from purchase_order where supplier_id = $1 and state <> 'draft' "
                "order by created_at desc limit 1",
                stage.organisations[supplier],
            )
        await reorders.save(requester, form(TemplateForm, order_id=str(last), name=name, shared=shared))


async def state_what_is_open(stage: Stage) -> None:
    """Last week's statements of account: one was agreed to, one objected to, one is still to be answered."""
    firms = {firm.name: firm for firm in (BUYER, *SUPPLIERS)}
    for number, (name, answer) in enumerate(STATED):
        stage.at(6 - number)
        wanted = form(StatementForm, supplier_id=str(stage.organisations[name]), currency=firms[name].currency)
        sent = await statements.send(stage.people["payable@demo.test"], wanted)
        desk = stage.people[firms[name].members[0].email]
        stage.at(3)
        if answer == "agree":
            await statements.agree(desk, sent.id)
        if answer == "object":
            await statements.object_to(desk, sent.id, "The invoice of last Monday is missing here.")
