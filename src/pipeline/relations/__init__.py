"""Relations: the arithmetic that a text states, found, checked and written out.

figure_index (what stands around each number) - relation_cues (the words between) - arithmetic (verdicts) -
sums, totals, columns, composition, mixed, balances, conversions, repeats (by where figures stand) -
shares, averages, level_changes (by what their words name, among all figures around) - misprints -
relation_search (all of these) - equation_text.
"""

from pipeline.relations.relation import Relation, SearchResult
from pipeline.relations.relation_search import find_relations, relate

__all__ = ["Relation", "SearchResult", "find_relations", "relate"]
