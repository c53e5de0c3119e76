"""Allowances and charges: of a line (BG-27, BG-28) and of the whole document (BG-20, BG-21), checked and as kept."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from portal.invoicing.forms import ChargeForm, PartForm
from portal.invoicing.rules import percent_of, too_fine
from portal.invoicing.tables import Invoice
from portal.platform.decimals import ZERO, plain, total
from portal.platform.i18n import Message, _
from portal.platform.refusals import FieldError, Invalid
from portal.platform.totals import Totals, rate_problem

Kept = list[dict[str, str]]


def parts_of(forms: Sequence[PartForm], base: Decimal, currency: str) -> tuple[Kept, list[Message]]:
    """Of a line that costs `base` without them; and what is wrong with them."""
    wrong = [finer for form in forms if (finer := too_fine(form.amount, currency))]
    return [{"reason": form.reason} | _figures(form, base, currency) for form in forms], wrong


def set_charges(
    invoice: Invoice,
    lines: Iterable[Any],
    allowances: Sequence[ChargeForm] | None,
    charges: Sequence[ChargeForm] | None,
) -> None:
    """Of the whole document; None leaves them as they are, with percentages of the lines as they are now.

    Raises Invalid with the problems of all.
    """
    lines, errors = list(lines), []
    for name, forms in (("allowances", allowances), ("charges", charges)):
        if forms is None:
            setattr(invoice, name, [_again(part, lines, invoice.currency) for part in getattr(invoice, name)])
            continue
        errors += [
            FieldError(f"{name}.{place}.{field}", message)
            for place, form in enumerate(forms)
            for field, message in _problems(form, invoice.currency)
        ]
        setattr(invoice, name, [_kept(form, lines, invoice.currency) for form in forms] if not errors else [])
    if errors:
        raise Invalid(errors=errors)


def overdrawn(invoice: Invoice, lines: Iterable[Any], sums: Totals) -> Iterable[FieldError]:
    """The allowances that lower what nobody bills: of a tax rate that no line or charge bears, or by more than all that
    is billed at it. Net, tax and gross are so never below nothing, whatever an allowance is taxed at.
    """
    borne = {(line.tax_category, line.tax_rate) for line in lines} | {_tax(part) for part in invoice.charges}
    left = {(row.category, row.rate): row.base for row in sums.breakdown}
    last = {_tax(part): place for place, part in enumerate(invoice.allowances)}
    for place, part in enumerate(invoice.allowances):
        tax = _tax(part)
        told = {"category": tax[0], "rate": plain(tax[1])}
        if tax not in borne:
            yield FieldError(
                f"allowances.{place}.tax_rate",
                _("Nothing is billed at tax {category} {rate} %: an allowance is taxed as what it lowers.", **told),
            )
        elif left[tax] < ZERO and last[tax] == place:
            yield FieldError(
                f"allowances.{place}.{'percent' if 'percent' in part else 'amount'}",
                _("The allowances at tax {category} {rate} % are more than what is billed at it.", **told),
            )


def _problems(form: ChargeForm, currency: str) -> Iterable[tuple[str, Message]]:
    if finer := too_fine(form.amount, currency):
        yield "amount", finer
    if wrong := rate_problem(form.tax_category, form.tax_rate):
        yield "tax_rate", wrong


def _tax(part: dict[str, str]) -> tuple[str, Decimal]:
    return part["tax_category"], Decimal(part["tax_rate"])


def _kept(form: ChargeForm, lines: Iterable[Any], currency: str) -> dict[str, str]:
    base = _taxed(lines, form.tax_category, form.tax_rate)
    said = {"description": form.description, "tax_category": form.tax_category, "tax_rate": plain(form.tax_rate)}
    return said | _figures(form, base, currency)


def _again(part: dict[str, str], lines: Iterable[Any], currency: str) -> dict[str, str]:
    if "percent" not in part:
        return part
    base = _taxed(lines, part["tax_category"], Decimal(part["tax_rate"]))
    return part | {"amount": plain(percent_of(Decimal(part["percent"]), base, currency)), "base": plain(base)}


def _taxed(lines: Iterable[Any], category: str, rate: Decimal) -> Decimal:
    return total(line.net for line in lines if (line.tax_category, line.tax_rate) == (category, rate))


def _figures(form: PartForm | ChargeForm, base: Decimal, currency: str) -> dict[str, str]:
    """BT-92 or BT-99 and the like; with a percentage also that and what it is of."""
    if form.percent is None:
        return {"amount": plain(form.amount or Decimal(0))}
    amount = percent_of(form.percent, base, currency)
    return {"amount": plain(amount), "percent": plain(form.percent), "base": plain(base)}
