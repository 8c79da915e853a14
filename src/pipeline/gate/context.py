"""What expectations look at beyond the columns that they name: the check context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.gate.coverage import JoinedTexts, uncovered
from pipeline.gate.suites import Expectation
from pipeline.tables.edits import picked, where

if TYPE_CHECKING:
    import pyarrow as pa


class CheckContext:
    """Tables and texts, with what is worked out of them once for all expectations that ask."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        texts: Mapping[str, str],
        suites: Mapping[str, Sequence[Expectation]],
    ) -> None:
        """Tables by name and decoded texts by document_id. suites: what will be asked."""
        self.tables, self.texts = tables, texts
        self._referring: dict[tuple[str, str], set[tuple[str, str]]] = {}
        self._named: dict[tuple[str, str], pa.Array] = {}
        for name, expectations in suites.items():
            for asked in (e["kwargs"] for e in expectations if "named_table" in e["kwargs"]):
                place = (asked["named_table"], asked["named_column"])
                self._referring.setdefault(place, set()).add((name, asked["column"]))

    @cached_property
    def joined(self) -> JoinedTexts:
        """The texts, laid end to end."""
        return JoinedTexts(self.texts)

    @cached_property
    def uncovered(self) -> Mapping[str, list[tuple[int, int]]]:
        """`coverage.uncovered` of the texts by the table numerals."""
        if not self.texts or "numerals" not in self.tables:
            return {}
        mentions = self.tables["numerals"].select(["document_id", "start", "end"]).drop_null()
        documents, starts, ends = mentions.columns
        return uncovered(self.joined, self.joined.numbers(documents), starts.to_numpy(), ends.to_numpy())

    @property
    def uncovered_runs(self) -> int:
        """How many runs of numeral characters no mention covers."""
        return sum(map(len, self.uncovered.values()))

    def quoted(self, quantities: Iterable[str]) -> dict[str, str]:
        """The characters of some mentions, by quantity_id; what is none is left out."""
        if "quantities" not in self.tables:
            return {}
        cells = self.tables["quantities"].select(["quantity_id", "text"])
        found = picked(cells, where(cells, {"quantity_id": set(quantities)}))
        return {row["quantity_id"]: row["text"] for row in found.values()}

    def named(self, table: str, column: str) -> pa.Array:
        """Of the values in a table's column those that some other column of the suites names, each once.

        The table may be a whole corpus: what is looked for is hashed, not what is there.
        Raises KeyError where there is no such column.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        if (table, column) not in self._named:
            there = self.tables[table][column]
            referring = (
                self.tables[name][own].unique()
                for name, own in self._referring.get((table, column), ())
                if own in self.tables[name].column_names
            )
            wanted = pa.chunked_array([each.cast(there.type) for each in referring], there.type).unique()
            self._named[table, column] = there.filter(pc.is_in(there, wanted)).unique()
        return self._named[table, column]


_CURRENT: ContextVar[CheckContext] = ContextVar("check context")


@contextmanager
def checking(context: CheckContext) -> Iterator[None]:
    """Within it, `current` is this context: Great Expectations hands none to a condition."""
    token = _CURRENT.set(context)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current() -> CheckContext:
    """The context of the check that is going on; LookupError outside of one."""
    return _CURRENT.get()
