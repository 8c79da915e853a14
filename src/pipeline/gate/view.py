"""What a validation looks at beyond the columns that an expectation names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.gate.account import Laid, unclaimed
from pipeline.gate.suites import Expectation

if TYPE_CHECKING:
    import pyarrow as pa


class View:
    """Tables and texts, with what is worked out of them once for all who ask."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        texts: Mapping[str, str],
        suites: Mapping[str, Sequence[Expectation]],
    ) -> None:
        """Look at tables, by name, and decoded texts, by document_id. suites: what will be asked."""
        self.tables, self.texts = tables, texts
        self._referring: dict[tuple[str, str], set[tuple[str, str]]] = {}
        self._named: dict[tuple[str, str], pa.Array] = {}
        for name, expectations in suites.items():
            for asked in (e["kwargs"] for e in expectations if "named_table" in e["kwargs"]):
                place = (asked["named_table"], asked["named_column"])
                self._referring.setdefault(place, set()).add((name, asked["column"]))

    @cached_property
    def laid(self) -> Laid:
        """The texts, laid end to end."""
        return Laid(self.texts)

    @cached_property
    def unclaimed(self) -> Mapping[str, list[tuple[int, int]]]:
        """`account.unclaimed` of the texts by the table numerals."""
        mentions = self.tables["numerals"].select(["document_id", "start", "end"]).drop_null()
        documents, starts, ends = mentions.columns
        return unclaimed(self.laid, self.laid.numbers(documents), starts.to_numpy(), ends.to_numpy())

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


VIEW: ContextVar[View] = ContextVar("view")
