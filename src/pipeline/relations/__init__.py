"""Relations: the arithmetic that a text states, found, checked and written out.

figures (what stands around each number) - cues (the words between them) - arithmetic (verdicts) -
sums, totals, rows, structures, mixed, balances, conversions, repeats (by where figures stand) -
shares, averages, changes (by what is said of them, among all that is around) - search.
"""

from pipeline.relations.relation import Relation, SearchResult
from pipeline.relations.relation_search import find_relations, relate

__all__ = ["Relation", "SearchResult", "find_relations", "relate"]
