"""What earlier nights found, so that nobody asks the same of the same again.

Two kinds of findings are kept in the store: what the expectations of single rows said of
each shard, and what all expectations came to over each table that is no part of the
corpus itself. Either stands as long as everything it follows from is as it was: rows,
expectations, code, and of the tables referred to what was looked for there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from pipeline import gate
from pipeline.gate.pieces import Piece, Rows, Said, before, unpack
from pipeline.gate.results import Counted, Result, gx_version
from pipeline.gate.suites import Expectation, looked_at
from pipeline.gate.view import View

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.night.reading import Span
    from pipeline.night.store import Store

Suites = Mapping[str, Sequence[Expectation]]

_OF_SHARDS, _OF_TABLES = "gate", "gate of tables"
"""Names of the notes in the store."""

_BEYOND = {
    "expect_text_of_the_source",
    "expect_documents_to_be_accounted_for",
    "expect_quantities_to_be_sound",
}
"""Expectations that look at texts or other tables: a table of which one is asked is always asked again."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """The store, as far as the gate is concerned."""

    store: Store
    read: Mapping[str, pa.Table]
    """The tables of the corpus as they were read, before any decision."""
    spans: Sequence[Span]
    """Where each shard's rows are among them."""
    code: str
    """Digest of the code that asks."""

    def pieces(self, tables: Mapping[str, pa.Table], suites: Suites) -> list[Piece]:
        """The shards, as the night's tables have them, and what was asked of each.

        What a night changes in rows after reading them is part of what is said of them.
        """
        asked = self._digest(json.dumps(suites, sort_keys=True, default=list).encode())
        changed = {name: table for name in suites if (table := self._changed(tables, name, suites[name]))}
        pieces = []
        for span in self.spans:
            rows = _rows(span, tables, self.read)
            own = (_cells(table, *rows[name]) for name, table in changed.items())
            pieces.append(Piece(rows, span.shard, self._digest(asked, span.key, *own)))
        return pieces

    def known(self, piece: Piece) -> Said | None:
        """What was said of the piece when it was as it is now; None where nothing was."""
        key, data = self._notes.get(piece.shard, (b"", b""))
        return unpack(data) if key == piece.key and data else None

    def keep(self, said: Iterable[tuple[Piece, Said]]) -> None:
        """Keep what was said, as far as all could be looked at."""
        with self.store.writing():
            for piece, each in said:
                if each.sure:
                    self.store.note(piece.shard, _OF_SHARDS, piece.key, each.pack())

    def look(
        self, view: View, suites: Suites, parameters: Mapping[str, Mapping[str, int]]
    ) -> dict[str, dict[str, Result]]:
        """As `gate.look`, of those tables alone that were not looked at before as they are now."""
        before = self.store.notes(_OF_TABLES)
        keys = {name: self._key(view, name, suites[name], parameters.get(name, {})) for name in suites}
        known = {
            name: _unpacked(before[name][1])
            for name, key in keys.items()
            if name in before and key and before[name][0] == key
        }
        asked = {name: suite for name, suite in suites.items() if name not in known}
        found = gate.look(view, asked, parameters)
        with self.store.writing():
            for name, results in found.items():
                if (key := keys[name]) and not any(result.fault for result in results.values()):
                    self.store.note(name, _OF_TABLES, key, _packed(results))
        return {name: (known.get(name) or found[name]) for name in suites}

    @cached_property
    def _asker(self) -> bytes:
        return f"{self.code} {gx_version()}".encode()

    @cached_property
    def _notes(self) -> dict[str, tuple[bytes, bytes]]:
        return self.store.notes(_OF_SHARDS)

    def _digest(self, *said: bytes) -> bytes:
        whole = blake2b(self._asker, digest_size=16)
        for each in said:
            whole.update(blake2b(each).digest())
        return whole.digest()

    def _changed(
        self, tables: Mapping[str, pa.Table], name: str, suite: Sequence[Expectation]
    ) -> pa.Table | None:
        """The columns that are not as they were read, and that somebody looks at."""
        asked = {column for expectation in suite for column in looked_at(expectation)}
        asked |= {"verdict", "quantity_ids"} if name == "relations" else set()
        columns = tables[name].column_names
        # Untouched columns are the very same, which costs nothing to see.
        touched = [c for c in columns if c in asked and not tables[name][c].equals(self.read[name][c])]
        return tables[name].select(touched) if touched else None

    def _key(
        self, view: View, name: str, suite: Sequence[Expectation], parameters: Mapping[str, int]
    ) -> bytes | None:
        """Digest of all that the expectations of a table see; None where that is not known."""
        if name in self.read or any(e["type"] in _BEYOND for e in suite):
            return None
        table = view.tables[name]
        named = (_named(view, table, e["kwargs"]) for e in suite if "named_table" in e["kwargs"])
        asked = json.dumps([suite, parameters], sort_keys=True, default=list).encode()
        return self._digest(
            asked, ",".join(table.column_names).encode(), _cells(table, 0, len(table)), *named
        )


def _named(view: View, table: pa.Table, asked: Mapping[str, str]) -> bytes:
    """What of a column names a row of another table."""
    import pyarrow.compute as pc

    there = view.tables.get(asked["named_table"])
    columns = there.column_names if there else ()
    if asked["column"] not in table.column_names or asked["named_column"] not in columns:
        return b""
    values = table[asked["column"]].unique()
    found = values.filter(pc.is_in(values, view.named(asked["named_table"], asked["named_column"])))
    return "\0".join(sorted(map(str, found.to_pylist()))).encode("utf-8", "surrogatepass")


def _rows(span: Span, tables: Mapping[str, pa.Table], read: Mapping[str, pa.Table]) -> Rows:
    """A shard's rows, counted again in a table that rows were taken out of."""
    rows, documents = dict(span.rows), tables["documents"]["document_id"]
    for name in read:
        if tables[name].num_rows != read[name].num_rows:
            ids, ends = tables[name]["document_id"], rows["documents"]
            first, end = (
                before(ids, documents[at].as_py()) if at < len(documents) else len(ids) for at in ends
            )
            rows[name] = first, end
    return rows


def _cells(table: pa.Table, first: int, end: int) -> bytes:
    """The cells of these rows, as bytes that are the same wherever the cells are."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    part = table.slice(first, end - first).combine_chunks()
    with pa.ipc.new_stream(sink, part.schema.remove_metadata()) as stream:
        stream.write_table(part.replace_schema_metadata())
    return bytes(sink.getvalue())


def _packed(results: Mapping[str, Result]) -> bytes:
    found = {
        check: (result.success, result.counted, result.said, result.kwargs)
        for check, result in results.items()
    }
    return json.dumps(found).encode()


def _unpacked(data: bytes) -> dict[str, Result]:
    return {
        check: Result(success, _counted(counted), said, kwargs=kwargs)
        for check, (success, counted, said, kwargs) in json.loads(data).items()
    }


def _counted(said: Sequence[Any] | None) -> Counted | None:
    return Counted(said[0], said[1], tuple(said[2]), tuple(said[3])) if said else None
