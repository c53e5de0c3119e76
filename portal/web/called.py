"""What a page itself calls its fields, so that a summary of problems says the very words that stand beside the field.

Read out of the page's template: the fields that it sets by the macros below with a name and a label of their own. Where
it calls two fields of one name differently, or by a question, the table of all pages decides.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from jinja2 import Environment, meta, nodes

from portal.platform.i18n import Message

FIELDS_BY = frozenset(
    {"field", "number_field", "money_field", "date_field", "select", "textarea", "checkbox", "radios"}
)
_COMMON = ("components/", "layouts/")


@cache
def called_on(jinja: Environment, template: str) -> Mapping[str, Message]:
    """By the name of the field; a page's own words before those of the pieces that it takes in."""
    assert jinja.loader is not None, "templates come from the package"
    tree = jinja.parse(jinja.loader.get_source(jinja, template)[0])
    pieces = [each for each in meta.find_referenced_templates(tree) if each and not each.startswith(_COMMON)]
    taken_in = {name: said for piece in pieces for name, said in called_on(jinja, piece).items()}
    labels: dict[str, set[str]] = {}
    for name, said in _labelled(tree):
        labels.setdefault(name, set()).add(said)
    own = {name: Message(next(iter(said))) for name, said in labels.items() if len(said) == 1}
    return {name: said for name, said in taken_in.items() if name not in labels} | own


def _labelled(tree: nodes.Template) -> Iterator[tuple[str, str]]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in FIELDS_BY:
            match [_usual(each) for each in call.args[1:3]]:
                case [
                    nodes.Const(value=name),
                    nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=said)], kwargs=[]),
                ] if not said.endswith("?"):
                    yield name, said
                case _:
                    """A question, or a label that is reckoned while the page is set."""


def _usual(argument: nodes.Expr) -> nodes.Expr:
    """Of two labels between which a page chooses, the one that stands first."""
    return argument.expr1 if isinstance(argument, nodes.CondExpr) else argument
