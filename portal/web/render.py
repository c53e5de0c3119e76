"""Templates into answers: `page()` for a whole page, `fragment()` for the piece that htmx swaps in.

One Jinja environment for all: escaping is always on, an undefined name is an error and never an empty place, templates
are compiled once per process. Formats are filters; links, icons and words are globals (see the tables below).
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import Response
from markupsafe import Markup
from msgspec import structs

from portal.platform.decimals import plain
from portal.platform.i18n import LANGUAGES, _, current_language
from portal.platform.in_words import in_words
from portal.platform.paths import resource
from portal.platform.totals import CATEGORIES
from portal.platform.units import short
from portal.web import formats
from portal.web.assets import static
from portal.web.called import called_on
from portal.web.context import THEMES, current
from portal.web.drawn import drawn
from portal.web.forms import Form
from portal.web.looks import Look, look, roles
from portal.web.parts import PARTS, cells, score_tone

HTML = "text/html"
HTMX = {
    "includeIndicatorStyles": False,
    "allowEval": False,
    "selfRequestsOnly": True,
    "historyCacheSize": 0,
    "defaultSettleDelay": 0,  # what was swapped in listens at once
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..|422", "swap": True},
        # A note is shown whole, whatever part of a page its form asked for.
        {
            "code": "[45]..",
            "swap": True,
            "error": True,
            "target": "#notes",
            "select": "unset",
            "swapOverride": "innerHTML",
        },
    ],
}
FILTERS = {
    "date": formats.day,
    "month": formats.month,
    "datetime": formats.moment,
    "relative": formats.relative,
    "duration": formats.duration,
    "money": formats.money,
    "price": formats.price,
    "quantity": formats.quantity,
    "percent": formats.percent,
    "score": formats.score,
    "month_name": formats.month_name,
    "count": formats.count,
    "browser": formats.browser,
    "country": formats.country,
    "unbroken": formats.unbroken,
    "address_lines": formats.address_lines,
    "roles": roles,
    "plain": plain,
    "in_words": in_words,
    "unit": short,
}


def page(template: str, *, status: int = 200, headers: dict[str, str] | None = None, **context: Any) -> Response[str]:
    """A whole page. `form` is there for every template; an empty one if the handler has none."""
    return Response(render(template, **context), status_code=status, headers=headers, media_type=HTML)


def fragment(
    template: str, *, block: str = "", status: int = 200, headers: dict[str, str] | None = None, **context: Any
) -> Response[str]:
    """A piece of a page: a template of its own, or one `block` of the page's template, so that both stay one text."""
    return Response(render(template, block=block, **context), status_code=status, headers=headers, media_type=HTML)


def render(template: str, *, block: str = "", **context: Any) -> str:
    """The text itself, for mails and documents too."""
    found = environment().get_template(template)
    known = {"form": Form(), **{name: _told(template, given) for name, given in context.items()}}
    if not block:
        return found.render(known)
    scope = found.new_context(known)
    next(found.root_render_func(scope), None)  # as far as the template's imports, which its blocks use
    return "".join(found.blocks[block](scope))


def _told(template: str, given: Any) -> Any:
    """A form with problems says them with the names that its page gives the fields."""
    if not isinstance(given, Form) or not given.errors:
        return given
    return structs.replace(given, fields_named={**called_on(environment(), template), **given.fields_named})


@cache
def environment() -> Environment:
    jinja = Environment(
        loader=FileSystemLoader(resource("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=FileSystemBytecodeCache(),
    )
    jinja.filters.update({name: _spoken(format_) for name, format_ in {**FILTERS, "state": state}.items()})
    jinja.globals.update(
        _=_, context=current.get, url=url, here=here, icon=icon, static=static, look=look, Form=Form,
        languages=LANGUAGES, language=current_language, themes=THEMES, cells=cells, remembered=remembered, drawn=drawn,
        score_tone=score_tone, **PARTS,
        time_zones=formats.time_zones, htmx=HTMX, tax_category=tax_category,
    )  # fmt: skip
    return jinja


def _spoken(format_: Callable[..., Any]) -> Callable[..., Any]:
    """Jinja computes a filter of a constant once, at compile time; ours answer each reader in their own language."""

    @pass_context
    def spoken(_context: Context, *given: Any, **named: Any) -> Any:
        return format_(*given, **named)

    return spoken


def url(path: str, **query: Any) -> str:
    """An address with its parameters; empty ones are left out, lists repeat."""
    given = {name: value for name, value in query.items() if value not in (None, "", [], ())}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


def here(**changes: Any) -> str:
    """This page's address with some parameters changed: sorting keeps filters, filtering drops the cursor."""
    at = current.get()
    kept: dict[str, list[str]] = {}
    for name, value in at.query:
        kept.setdefault(name, []).append(value)
    return url(at.path, **{**kept, **changes})


def icon(name: str, label: object = "", size: int = 20) -> Markup:
    """A Tabler icon from the sprite: silent beside its text, or with a `label` where it stands alone."""
    return _drawn(name, str(label), size)


@lru_cache(2048)
def _drawn(name: str, label: str, size: int) -> Markup:
    said = Markup('role="img" aria-label="%s"') % label if label else Markup('aria-hidden="true"')
    drawn = Markup('<svg class="icon icon-%s px-%s" width="%s" height="%s" %s><use href="%s#%s"/></svg>')
    return drawn % (name, size, size, size, said, static("vendor/icons.svg"), name)


def tax_category(code: str) -> Any:
    """What a tax category (EN 16931, BT-151) is called; an unknown code stands for itself."""
    return CATEGORIES.get(code, code)


def state(code: str | None, table: dict[str, Look] | None = None) -> Markup:
    """A state's badge: colour, icon and name together."""
    shown = look(code, table)
    return _badge(shown.tone, shown.icon, str(shown.label))


@lru_cache(2048)
def _badge(tone: str, mark: str, label: str) -> Markup:
    return Markup('<span class="state tone-%s">%s<span>%s</span></span>') % (tone, icon(mark, size=16), label)


def remembered(macro: Callable[..., Markup], *said: str | None) -> Markup:
    """What a macro makes of a few words that stand in each row of a list: made once for each language. It must depend
    on nothing else."""
    return _remembered(macro, current_language(), *said)


@lru_cache(2048)
def _remembered(macro: Callable[..., Markup], _language: str, *said: str | None) -> Markup:
    return macro(*said)
