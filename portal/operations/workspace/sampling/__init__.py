"""The arithmetic of audit sampling: which records are drawn, and what their misstatements say of all the others.

Pure functions over records with an id and an amount; whoever has the population and the seed draws the same sample.
"""

from portal.operations.workspace.sampling.draw import Drawn, Unit, monetary, random
from portal.operations.workspace.sampling.factors import EXPANSION, RISKS, factor
from portal.operations.workspace.sampling.project import Judged, Projection, interval_for, project

__all__ = [
    "EXPANSION",
    "RISKS",
    "Drawn",
    "Judged",
    "Projection",
    "Unit",
    "factor",
    "interval_for",
    "monetary",
    "project",
    "random",
]
