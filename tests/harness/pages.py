"""Reading pages as people do, and sending their forms as browsers without scripts do."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx


class Page:
    """An answered page: its text as read, its fields as filled in, its links, its language."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.html = answer.text
        reader = _Reader()
        reader.feed(answer.text)
        self.text = " ".join("".join(reader.words).split())
        self.forms: list[Form] = reader.forms
        self.links: dict[str, str] = reader.links
        self.language = reader.language

    def form(self, action: str) -> "Form":
        """The form that posts to this address (its end)."""
        found = [form for form in self.forms if form.action.endswith(action)]
        assert found, f"no form to {action} among {[form.action for form in self.forms]}"
        return found[0]

    def offers(self, action: str) -> bool:
        return any(form.action.endswith(action) for form in self.forms)


class Form:
    """A form of a page with the values it would send as it stands."""

    def __init__(self, action: str, method: str) -> None:
        self.action, self.method = action, method
        self.values: dict[str, str] = {}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.language = ""
        self._within: list[str] = []
        self._select = ""
        self._silent = 0
        self._href = ""
        self._said = ""  # of the link that is being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "template"):
            self._silent += 1
        if self._silent:
            return
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get")))
        elif tag == "a":
            self._href, self._said = given.get("href", ""), ""
        self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        values = self.forms[-1].values if self.forms else {}
        if tag == "input" and given.get("name") and given.get("type") not in ("checkbox", "radio", "submit"):
            values[given["name"]] = given.get("value", "")
        elif tag == "input" and given.get("name") and "checked" in given:
            values[given["name"]] = given.get("value", "on")
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and ("selected" in given or self._select not in values):
            values[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._select = ""
            values[given.get("name", "")] = ""
            self._within.append(given.get("name", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "template"):
            self._silent -= 1
        elif tag == "textarea" and self._within:
            name = self._within.pop()
            self.forms[-1].values[name] = self.forms[-1].values[name].removeprefix("\n")
        elif tag == "select":
            self._select = ""
        elif tag == "a":
            self._href = ""

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._within:
            self.forms[-1].values[self._within[-1]] += data
        self.words.append(data)
        if self._href and data.strip():
            self._said += data  # by its first words, and by all of them
            self.links.setdefault(" ".join(self._said.split()), self._href)


class Reader:
    """Somebody at a browser without scripts: opens pages, fills in forms, is led on."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        client.headers.pop("x-csrf-token", None)

    async def open(self, path: str, **parameters: Any) -> Page:
        return Page(await self.client.get(path, params=parameters or None, follow_redirects=True))

    async def send(self, page: Page, action: str, **changes: str) -> Page:
        """Send one of the page's forms as it stands, with these fields filled in (`lines__0__quantity`)."""
        form = page.form(action)
        typed = form.values | {re.sub("__", ".", name): value for name, value in changes.items()}
        answer = await self.client.post(form.action, data=typed)
        if answer.status_code == 303:
            return await self.open(answer.headers["location"])
        return Page(answer)
