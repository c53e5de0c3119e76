"""What is wrong is said with its field and its line, in words, on every page."""

import importlib
import pkgutil

import msgspec
import pytest
from jinja2 import DictLoader, Environment

import portal
from portal.platform.i18n import use_language
from portal.platform.refusals import FieldError
from portal.web import Form
from portal.web.called import called_on
from portal.web.labels import FIELDS, label
from portal.web.render import environment


def forms_of_people() -> set[str]:
    """The names of all fields that a form may complain about."""
    modules = [name for _finder, name, _is in pkgutil.walk_packages(portal.__path__, "portal.") if ".forms" in name]
    structs = [
        each
        for name in modules
        for each in vars(importlib.import_module(name)).values()
        if isinstance(each, type) and issubclass(each, msgspec.Struct) and each.__struct_config__.forbid_unknown_fields
    ]
    assert structs
    return {name for struct in structs for name in struct.__struct_fields__}


def test_every_field_of_every_form_has_a_name() -> None:
    assert forms_of_people() - set(FIELDS) == set()


def test_a_problem_is_said_with_its_line_and_its_field() -> None:
    form = Form()
    for field, told in (
        ("lines.1.quantity", "Line 2, Quantity: Enter a number."),
        ("packages.0.sscc", "Package 1, SSCC: Enter a number."),
        ("ship_to.city", "Town: Enter a number."),
        ("lines", "Lines: Enter a number."),
        ("lines.2", "Line 3: Enter a number."),
        ("", "Enter a number."),
        ("no_such_field", "Enter a number."),
    ):
        assert str(form.told(FieldError(field, "Enter a number."))) == told


def test_a_row_is_called_as_people_call_it() -> None:
    assert str(label("lines.3.reason", {"lines.3": "Line 2, further delivery"})) == "Line 2, further delivery, Reason"


def test_a_problem_is_said_in_chinese_with_chinese_signs() -> None:
    use_language("zh-Hans")
    try:
        assert str(Form().told(FieldError("lines.1.quantity", "X"))) == "第 2 行，数量：X"
    finally:
        use_language("en")


@pytest.mark.parametrize(
    ("template", "field", "called"),
    [
        ("access/code.html", "code", "Code"),
        ("access/second_factor.html", "code", "Code"),
        ("banks/enter.html", "number", "IBAN or account number"),
        ("invoicing/flip.html", "number", "Your invoice number"),
    ],
)
def test_a_page_s_summary_calls_a_field_as_the_page_does(template: str, field: str, called: str) -> None:
    form = Form(fields_named=called_on(environment(), template))
    assert str(form.told(FieldError(field, "Enter it."))) == f"{called}: Enter it."


def test_two_fields_of_one_name_are_called_as_on_all_pages() -> None:
    jinja = Environment(
        loader=DictLoader(
            {
                "page": """{{ field(f, "at", _("A")) }}{{ field(f, "at", _("B")) }}
        {{ field(f, "sure", _("Sure?")) }}{{ field(f, "own", _("Own")) }}{{ field(f, "made", _("M {n}", n=1)) }}"""
            }
        )
    )
    assert {name: str(said) for name, said in called_on(jinja, "page").items()} == {"own": "Own"}
