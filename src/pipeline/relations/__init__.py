"""Relations: the arithmetic that a text states, found, checked and written out.

`relation_search` is where to begin: it makes a `figure_index.Index` of a text (what stands around each
number) and hands it to every finder. The finders are in `sums`, `shares`, `changes` and `repeats`;
`misprints` runs them again with one figure altered. What they share stands beside them: `relation_cues`
(the words between figures), `arithmetic` (verdicts), `part_lists`, `operand_pairs`. `equation_text` writes
out what was found.
"""

from pipeline.relations.relation import Relation, SearchResult
from pipeline.relations.relation_search import find_relations, relate

__all__ = ["Relation", "SearchResult", "find_relations", "relate"]
