"""Relations: the arithmetic that a text states, found, checked and written out.

figures (what stands around each number) - cues (the words between them) - sums, shares,
growth, differences, repeats (candidates by structure) - quotients, averages, elsewhere
(candidates by name) - arithmetic (verdicts) - search.
"""

from pipeline.relations.model import Relation, Survey
from pipeline.relations.search import relate, survey

__all__ = ["Relation", "Survey", "relate", "survey"]
