"""Relations: the arithmetic that a text states, found, checked and written out.

figures (what stands around each number) - cues (the words between them) - arithmetic (verdicts) -
sums, totals, rows, structures, mixed, balances, conversions, repeats (by where figures stand) -
shares, averages, changes (by what is said of them, among all that is around) - search.
"""

from pipeline.relations.model import Relation, Survey
from pipeline.relations.search import relate, survey

__all__ = ["Relation", "Survey", "relate", "survey"]
