"""What earlier nights found, so that nobody asks the same of the same again.

Two kinds of findings are kept in the store: what the expectations of single rows said of
each shard, and what each other expectation came to over its whole table. Either stands as
long as everything it follows from is as it was: the cells that are looked at, the
expectation, the code, and of the tables referred to what was looked for there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
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
"""Expectations that look at texts or other tables; over a whole table they are always asked again."""


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
        """As `gate.look`, which is asked only what it was not asked before of the same."""
        mine = self._digest()
        kept = {name: data for name, (key, data) in self.store.notes(_OF_TABLES).items() if key == mine}
        keys = {
            name: self._keys(view, name, suite, parameters.get(name, {})) for name, suite in suites.items()
        }
        known = {name: _unpacked(kept[name], keys[name]) if name in kept else {} for name in suites}
        new = {
            name: asked
            for name, suite in suites.items()
            if (asked := [e for e in suite if e["meta"]["check"] not in known[name]])
        }
        found = gate.look(view, new, parameters)
        with self.store.writing():
            for name, results in found.items():
                known[name] |= results
                self.store.note(name, _OF_TABLES, mine, _packed(known[name], keys[name]))
        return known

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

    def _keys(
        self, view: View, name: str, suite: Sequence[Expectation], parameters: Mapping[str, int]
    ) -> dict[str, str]:
        """By check, a digest of all that an expectation sees; those of which it is not known are left out."""
        table = view.tables[name]
        cells = cache(lambda column: blake2b(_cells(table.select([column]), 0, len(table))).digest())
        shape = f"{table.num_rows} {','.join(table.column_names)}".encode()
        keys = {}
        for expectation in suite:
            if expectation["type"] in _BEYOND:
                continue
            kwargs = expectation["kwargs"]
            worked_out = parameters if "$PARAMETER" in str(kwargs) else {}
            asked = json.dumps([expectation, worked_out], sort_keys=True, default=list).encode()
            named = (_named(view, table, kwargs),) if "named_table" in kwargs else ()
            seen = map(cells, _seen(table, expectation))
            keys[expectation["meta"]["check"]] = self._digest(asked, shape, *named, *seen).hex()
        return keys


def _seen(table: pa.Table, expectation: Expectation) -> list[str]:
    """The columns of which an expectation sees the cells."""
    if expectation["type"].startswith("expect_table_"):
        return []
    columns = {*looked_at(expectation)} if "row_condition" not in expectation["kwargs"] else set()
    return [name for name in table.column_names if not columns or name in columns]


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


def _packed(results: Mapping[str, Result], keys: Mapping[str, str]) -> bytes:
    """Results by check, each with its key; what could not be looked at is asked again."""
    found = {
        check: (keys[check], result.success, result.counted, result.said, result.kwargs)
        for check, result in results.items()
        if check in keys and not result.fault
    }
    return json.dumps(found).encode()


def _unpacked(data: bytes, keys: Mapping[str, str]) -> dict[str, Result]:
    """The results that were packed with these keys."""
    return {
        check: Result(success, _counted(counted), said, kwargs=kwargs)
        for check, (key, success, counted, said, kwargs) in json.loads(data).items()
        if keys.get(check) == key
    }


def _counted(said: Sequence[Any] | None) -> Counted | None:
    return Counted(said[0], said[1], tuple(said[2]), tuple(said[3])) if said else None
