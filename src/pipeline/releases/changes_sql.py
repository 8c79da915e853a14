"""The SQL that compares a table of two releases and inserts the differences into `changes`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.tables import Column, Table

if TYPE_CHECKING:
    import duckdb


def compare_rows(database: duckdb.DuckDBPyConnection, table: Table, shared: list[Column], cause: str) -> None:
    """Insert all differences between the tables old and new: rows added or removed, cells changed.

    Rows are compared by key and hash first (of 64 bits, so that no difference is missed), and only those
    that differ are read whole. shared: the columns of both beside the key. cause: why a row differs, in SQL.
    """
    keys = [f'"{name}"' for name in table.key]
    names = ", ".join(keys)
    hashed = ", ".join([*keys, *(f'"{c.name}"' for c in shared)])
    sides = " UNION ALL ".join(
        f"SELECT {names}, hash({hashed}) AS row, '{side}' AS side FROM {side}" for side in ("old", "new")
    )
    same = "=" if table.keyed else "IS NOT DISTINCT FROM"

    def on(one: str, other: str) -> str:
        return " AND ".join(f"{one}.{key} {same} {other}.{key}" for key in keys)

    whole = "(SELECT f.*, true AS present FROM {} f SEMI JOIN odd ON {})"
    old, new = (whole.format(side, on("f", "odd")) for side in ("old", "new"))
    key_text = [f"coalesce(o.{key}, n.{key})::VARCHAR" for key in keys]
    key = key_text[0] if len(keys) == 1 else f"to_json([{', '.join(key_text)}])::VARCHAR"
    cells = [
        f"{{'column': '{c.name}', 'old': {_text('o', c)}, 'new': {_text('n', c)}, 'place': {c.position}}}"
        for c in shared
    ]
    differing = (
        f"[{', '.join(cells)}]"
        if cells
        else '[]::STRUCT("column" VARCHAR, old VARCHAR, new VARCHAR, place BOOL)[]'
    )
    database.execute(f"""
        WITH odd AS (
            SELECT {names} FROM ({sides}) GROUP BY {names}, row HAVING min(side) = max(side)
        ), joined AS (
            SELECT {key} AS key, o.present AS was, n.present AS now,
                   {cause} AS cause,
                   list_filter({differing}, lambda c: c.old IS DISTINCT FROM c.new) AS cells
            FROM {old} o FULL JOIN {new} n ON {on("o", "n")}
        ), differing AS (
            SELECT *, list_filter(cells, lambda c: NOT c.place) AS data FROM joined
        ), rows AS (
            SELECT key, cause, CASE WHEN was IS NULL THEN 'added' ELSE 'removed' END AS change,
                   {{'column': NULL, 'old': CASE WHEN was THEN {_row_as_json("old")} END,
                     'new': CASE WHEN now THEN {_row_as_json("new")} END, 'place': false}} AS cell
            FROM differing WHERE was IS NULL OR now IS NULL
            UNION ALL
            SELECT key, cause, 'changed', unnest(data) FROM differing WHERE was AND now AND len(data) > 0
            UNION ALL
            SELECT key, cause, 'moved', cells[1] FROM differing
            WHERE was AND now AND len(data) = 0 AND len(cells) > 0
        )
        INSERT INTO changes
        SELECT '{table.name}', key, change, cell."column", cell."old", cell."new", cause FROM rows""")


def _row_as_json(side: str) -> str:
    """A row that was added or removed as a JSON object: its cells that are not null, positions left out."""
    pairs = (
        f"list_transform(list_filter(data, lambda c: c.{side} IS NOT NULL), lambda c: {{'k': c.\"column\", "
    )
    return f"to_json(map_from_entries({pairs}'v': c.{side}}})))::VARCHAR"


def mark_renamed(database: duckdb.DuckDBPyConnection) -> None:
    """Mark the other path of a document as a new name, and not as a change."""
    database.execute("""
        UPDATE changes SET change = 'renamed'
        WHERE "table" = 'documents' AND change = 'changed' AND "column" = 'path'""")


def mark_resourced(database: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Join two rows, removed and added, into one where another document states the same figure now.

    Both have the same indicator, region and period, and the same value. The pair becomes one row, under the
    new key, with the document's id before and after.
    """
    document = len(table.key) - 1  # where the key has it

    def side(change: str, column: str) -> str:
        same = [f"json_extract_string(key, '$[{at}]')" for at in range(document)]
        shown = ("obs_value", "obs_low", "obs_high", "qualifier")
        same += [f"json_extract_string({column}, '$.{name}')" for name in shown]
        return (
            f"SELECT rowid AS id, key, cause, [{', '.join(same)}] AS one, "
            f"json_extract_string(key, '$[{document}]') AS document, "
            f"count(*) OVER (PARTITION BY one) AS several FROM changes "
            f"WHERE \"table\" = '{table.name}' AND change = '{change}'"
        )

    database.execute(f"""
        CREATE OR REPLACE TEMP TABLE matched AS
        SELECT o.id AS gone, n.id AS came, n.key, o.document AS old, n.document AS new,
               CASE WHEN o.cause = n.cause THEN n.cause ELSE 'source' END AS cause
        FROM ({side("removed", "old")}) o JOIN ({side("added", "new")}) n USING (one)
        WHERE o.several = 1 AND n.several = 1""")
    database.execute(
        "DELETE FROM changes WHERE rowid IN (SELECT gone FROM matched UNION ALL SELECT came FROM matched)"
    )
    database.execute(
        "INSERT INTO changes SELECT ?, key, 'resourced', 'document_id', old, new, cause FROM matched",
        [table.name],
    )


def _text(side: str, column: Column) -> str:
    """The cell as the CSV has it: decimals without the zeros that their type adds."""
    cell = f'{side}."{column.name}"::VARCHAR'
    return f"rtrim(rtrim({cell}, '0'), '.')" if column.type == "decimal" else cell


def cause_of_row(table: Table, columns: Iterable[str], default: str, *, held: bool) -> str:
    """SQL for why a row differs: held back, its decision, its document's source, or else the default.

    columns: those that both releases have. held: whether rows of the table are held back, whose keys are
    then in `held_rows`.
    """
    cases = []
    if held:
        on = " AND ".join(f'h."{name}" IS NOT DISTINCT FROM o."{name}"' for name in table.key)
        cases.append(f"WHEN n.present IS NULL AND EXISTS (FROM held_rows h WHERE {on}) THEN 'held'")
    if table.name == "documents" and "status" in columns:
        cases.append("WHEN n.status = 'held' AND o.status <> 'held' THEN 'held'")
    if "decision_id" in columns:
        cases.append(
            "WHEN o.decision_id IS DISTINCT FROM n.decision_id AND o.present AND n.present THEN 'decision'"
        )
    if "document_id" in columns:
        cases.append(
            "WHEN coalesce(n.document_id, o.document_id) IN (SELECT document_id FROM changed_documents) "
            "THEN 'source'"
        )
    return f"CASE {' '.join(cases)} ELSE '{default}' END" if cases else f"'{default}'"
