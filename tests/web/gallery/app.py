"""Every layout and component on pages of a tiny app, to look at while designing and to test as a browser sees them.

`granian --interface asgi tests.web.gallery.app:app`, then `/gallery/order?language=zh-Hans&theme=dark`.
"""

from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader
from litestar import Litestar, Request, Response, get, post
from litestar.params import FromPath

from portal.platform.i18n import use_language
from portal.platform.paths import resource
from portal.web import PageContext, fragment, page
from portal.web.assets import assets, favicon
from portal.web.context import current
from portal.web.errors import refusal_fragment, refusal_page
from portal.web.forms import Form, grown
from portal.web.headers import secure
from portal.web.preferences import back, chosen, remember
from portal.web.render import environment
from tests.web.gallery import sample

PAGES = Path(__file__).parent / "pages"
environment().loader = FileSystemLoader([resource("templates"), PAGES])
SIGNED_IN = {
    "home": "/",
    "order": "/orders",
    "orders": "/orders",
    "entry": "/orders",
    "respond": "/orders",
    "score": "/suppliers",
    "parts": "/",
    "empty": "/orders",
}
REFUSALS = {
    "403": (403, "You are not allowed to do this", "Only an approver may approve, and never their own order."),
    "409": (409, "This cannot be done now", "The order was approved by Jonas Weber while you were reading."),
    "422": (422, "There is a problem with what was entered", ""),
    "500": (500, "Something went wrong", ""),
}
ACCOUNTS = [
    ("buyer@demo.test", "Buyer, Brightwater Instruments"),
    ("supplier@demo.test", "Supplier, Northwind Castings"),
]


def enter(request: Request, path: str, *, signed_in: bool = True) -> None:
    language = request.query_params.get("language", "en")
    use_language(language)
    current.set(
        PageContext(
            actor=sample.ACTOR if signed_in else None,
            csrf="token",
            path=path,
            query=(("state", "issued"), ("sort", "-created")),
            menu=sample.MENU,
            organisations=sample.ORGANISATIONS,
            language=language,
            time_zone="Europe/Berlin",
            theme=request.query_params.get("theme", "system"),
            flash=sample.FLASH if path == "/" else (),
        )
    )


@get("/gallery/{name:str}")
async def show(request: Request, name: FromPath[str]) -> Response:
    enter(request, SIGNED_IN.get(name, "/profile"))
    if name in REFUSALS:
        history = sample.history()[1:4] if name == "409" else []
        errors = sample.entry_form().errors if name == "422" else []
        return refusal_page(*REFUSALS[name], errors, "01936f00-7e1c", meanwhile=history, back="/orders/1")
    return page(f"{name}.html" if name in SIGNED_IN else "access/profile.html", **context(name))


@post("/gallery/lines", status_code=200)
async def edit_lines(request: Request) -> Response:
    enter(request, "/orders")
    values = dict(await request.form())
    return page("entry.html", form=Form(grown(values) or values))


@get("/gallery/plain/{name:str}")
async def show_plain(request: Request, name: FromPath[str]) -> Response:
    enter(request, "/sign-in", signed_in=False)
    if name == "404":
        return refusal_page(404, "Not found, or not yours to see", request_id="01936f00-7e1c")
    errors = [sample.FieldError("email", "E-mail or password is wrong")] if name == "wrong" else []
    form = sample.Form({"email": "buyer@demo.test"} if errors else {}, errors)
    return page("access/sign_in.html", form=form, next="/orders", accounts=ACCOUNTS)


@get("/gallery/note")
async def note(request: Request) -> Response:
    enter(request, "/orders")
    return refusal_fragment(409, "This cannot be done now", "The order was approved while you were reading.")


@get("/gallery/stored")
async def stored(request: Request) -> Response:
    enter(request, "/orders")
    return fragment("parts.html", block="ready", arrived=True)


@get("/gallery/file")
async def file(request: Request) -> Response:
    return Response(b"%PDF-1.7", media_type="application/pdf", headers={"content-disposition": "attachment"})


@post("/preferences")
async def prefer(request: Request) -> Response:
    fields = {name: str(value) for name, value in dict(await request.form()).items()}
    return remember(back(fields), chosen(fields))


def context(name: str) -> dict[str, Any]:
    form = sample.entry_form() if name in ("entry", "respond") else sample.Form({"full_name": "Ada Fernández"})
    return {
        "form": form,
        "orders": sample.orders(),
        "lines": sample.lines(),
        "history": sample.history(),
        "sessions": sample.sessions(),
        "secret": Form(),
        "least": 12,
        "now": sample.NOW,
    }


app = Litestar(
    [show, edit_lines, show_plain, note, stored, file, assets, favicon, prefer],
    before_send=[secure],
    openapi_config=None,
)
