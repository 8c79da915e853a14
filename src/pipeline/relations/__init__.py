"""Relations: the arithmetic that a text states, found, checked and written out.

figures (what stands around each number) - cues (the words between them) - sums, columns, shares,
balances, repeats (candidates by structure) - quotients, averages, changes (by structure, then by name) -
arithmetic (verdicts) - search.
"""

from pipeline.relations.model import Relation, Survey
from pipeline.relations.search import relate, survey

__all__ = ["Relation", "Survey", "relate", "survey"]
