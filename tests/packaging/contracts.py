"""Two of the four import contracts in words that import-linter lacks; pyproject.toml says where they apply."""

from collections.abc import Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.contracts.layers import LayersContract
from importlinter.domain.imports import ModuleExpression


class Anatomy(LayersContract):
    """The same layers inside every package of the root, the ones named in `without` excepted.

    The built-in contract wants each container by name, so a new capability would go unchecked until somebody
    remembered to list it.
    """

    without: Any = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        packages = {name for root in self.session_options["root_packages"] for name in graph.find_children(root)}
        capabilities = sorted(name for name in packages if tail(name) not in self.without)
        self.containers = [ModuleExpression(name) for name in capabilities]
        return super().check(graph, verbose)


class FrontDoor(Contract):
    """A package enters its neighbour by the modules in `doors` only.

    Modules in `open` may be imported by all; packages in `hosts` may import anything; what stands in `alike` may
    import the same module of a neighbour (tables follow foreign keys).
    """

    doors: Any = fields.SetField(subfield=fields.StringField())
    open: Any = fields.SetField(subfield=fields.StringField())
    hosts: Any = fields.SetField(subfield=fields.StringField())
    alike: Any = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        trespasses = sorted(pair for pair in self.neighbours(graph) if not self.welcome(*pair))
        lines = [f"{importer} -> {imported} ({where(graph, importer, imported)})" for importer, imported in trespasses]
        return ContractCheck(kept=not lines, metadata={"trespasses": lines})

    def neighbours(self, graph: ImportGraph) -> Iterator[tuple[str, str]]:
        """Imports that cross from one package of a root into another package of the same root."""
        for importer in graph.modules:
            for imported in graph.find_modules_directly_imported_by(importer):
                here, there = importer.split("."), imported.split(".")
                if len(there) > 1 and here[0] == there[0] and here[1:2] != there[1:2]:
                    yield importer, imported

    def welcome(self, importer: str, imported: str) -> bool:
        _, host, *inside = [*importer.split("."), ""]
        _, neighbour, *door = [*imported.split("."), ""]
        return (
            host in self.hosts
            or {neighbour, f"{neighbour}.{door[0]}"} & self.open != set()
            or door[0] in self.doors
            or (door[0] in self.alike and inside[:1] == door[:1])
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["trespasses"]:
            output.print_error(f"- {line}", bold=False)
        output.new_line()


def tail(module: str) -> str:
    return module.rpartition(".")[2]


def where(graph: ImportGraph, importer: str, imported: str) -> str:
    details = graph.get_import_details(importer=importer, imported=imported)
    return ", ".join(f"l.{detail['line_number']}" for detail in details)
