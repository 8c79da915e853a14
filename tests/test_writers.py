"""The files of a release: exact, safe to open, the same each time, and read back as they were."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from handmade import rows
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import WenshuError
from pipeline.releases.writers import database as database_file
from pipeline.releases.writers import write
from pipeline.releases.writers.csv import FORMULA, write_csv
from pipeline.releases.writers.database import write_database
from pipeline.releases.writers.parquet import ROW_GROUP_SIZE
from pipeline.tables import Bilingual, Column, Table

NO = Bilingual("", "")
NOTE = Table(
    "note",
    Bilingual("便条", "Notes"),
    Bilingual("每行一张。", "A row is a note."),
    (
        Column("name", "string", Bilingual("名", "Name"), NO, required=True),
        Column(
            "text",
            "string",
            Bilingual("文", "Text"),
            Bilingual("写了什么。", "What it says."),
            concept="urn:text",
        ),
        Column("value", "decimal", NO, NO),
        Column("number", "integer", NO, NO),
        Column("day", "date", NO, NO),
        Column("good", "boolean", NO, NO),
    ),
    key=("name",),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
RISKY = st.one_of(TEXT, st.from_regex(r"\A['=+\-@\t\r\n＝＋－＠\",;]{1,3}[a1\n]?\Z"))
NUMBER = st.decimals(min_value=-(10**27), max_value=10**27, places=10, allow_nan=False)


def note(name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, **more}


def written(folder: Path, *given: dict[str, Any], table: Table = NOTE) -> Path:
    path = folder / f"{table.name}.csv"
    write_csv(table, rows(table, *given), path)
    return path


def content(path: Path) -> str:
    """The file's characters, its line ends untouched."""
    return path.read_bytes().decode("utf-8-sig")


def unescaped(cell: str) -> str:
    """As the dictionary says to read a text cell."""
    return cell[1:] if re.match(FORMULA, cell) else cell


def test_csv_is_utf8_with_bom_and_lf_and_columns_in_order(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        note(text="绿化面积", value=Decimal("4541800"), number=7, day=date(2020, 7, 8), good=True),
        note("b"),
    )
    expected = "\ufeffname,text,value,number,day,good\na,绿化面积,4541800,7,2020-07-08,true\nb,,,,,\n"
    assert path.read_bytes() == expected.encode()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("0", "0"),
        ("487", "487"),
        ("454.18", "454.18"),
        ("-3.50", "-3.5"),
        ("0.0000000001", "0.0000000001"),
        ("-0.00000007", "-0.00000007"),
        ("1E+15", "1000000000000000"),
        ("9999999999999999999999999999", "9999999999999999999999999999"),
        ("9999999999999999999999999999.0000000001", "9999999999999999999999999999.0000000001"),
        ("10", "10"),
        ("0.10", "0.1"),
    ],
)
def test_numbers_are_exact_and_plain_in_csv(tmp_path: Path, value: str, cell: str) -> None:
    # Beside a number with places, and alone: both ways of printing give the same.
    alone = content(written(tmp_path, note(value=Decimal(value))))
    beside = written(tmp_path, note(value=Decimal(value)), note("b", value=Decimal("0.5"))).read_text(
        "utf-8-sig"
    )
    assert alone.splitlines()[1].split(",")[2] == cell
    assert beside.splitlines()[1].split(",")[2] == cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-3.2%", "@SUM", "\tx", "\rx", "＝1", "'=1", "''@"])
def test_no_text_cell_begins_as_a_formula(tmp_path: Path, text: str) -> None:
    cells = list(csv.reader(io.StringIO(content(written(tmp_path, note(text=text))), newline="")))
    assert cells[1][1] == "'" + text
    assert unescaped(cells[1][1]) == text


@pytest.mark.parametrize("text", ["'quoted'", "a=b", "1-2", "１", "——", "'", "'a"])
def test_other_cells_are_as_they_were(tmp_path: Path, text: str) -> None:
    assert f"a,{text}," in content(written(tmp_path, note(text=text)))


@settings(deadline=None)
@given(st.lists(st.tuples(st.none() | RISKY, st.none() | NUMBER), min_size=1, max_size=8))
def test_csv_comes_back_from_every_reader(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str | None, Decimal | None]]
) -> None:
    given = [note(f"n{at}", text=text, value=value) for at, (text, value) in enumerate(cells)]
    path = written(tmp_path_factory.mktemp("csv"), *given)
    raw = content(path)
    for line in csv.reader(io.StringIO(raw, newline="")):
        assert not re.match("[=+@\t\r\n＝＋－＠]", line[1])
    texts = [text for text, _ in cells]
    arrow = pyarrow.csv.read_csv(
        path,
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={"text": pa.string(), "value": pa.decimal128(38, 10)},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    assert [None if cell is None else unescaped(cell) for cell in arrow["text"].to_pylist()] == texts
    assert arrow["value"].to_pylist() == [value for _, value in cells]
    frame = pd.read_csv(path, dtype="string", keep_default_na=False)
    assert [unescaped(cell) for cell in frame["text"]] == [text or "" for text in texts]
    assert [Decimal(cell) if cell else None for cell in frame["value"]] == [value for _, value in cells]


def test_parquet_is_exact_sorted_and_says_what_its_columns_mean(tmp_path: Path) -> None:
    given = [note("b", value=Decimal("0.1")), note("a", text="甲", value=Decimal(10) ** 27)]
    write(NOTE, rows(NOTE, *given), tmp_path)
    file = pq.ParquetFile(tmp_path / "note.parquet")
    table = file.read()
    assert table["name"].to_pylist() == ["a", "b"]
    assert table["value"].to_pylist() == [Decimal(10) ** 27, Decimal("0.1")]
    assert table.schema.field("value").type == pa.decimal128(38, 10)
    assert table.schema.metadata[b"title_zh"].decode() == "便条"
    assert table.schema.field("text").metadata[b"description_en"] == b"What it says."
    assert table.schema.field("text").metadata[b"concept"] == b"urn:text"
    assert not table.schema.field("name").nullable
    group = file.metadata.row_group(0)
    assert group.column(0).statistics.min == "a"
    assert [sorting.column_index for sorting in group.sorting_columns] == [0]


def test_bytes_do_not_depend_on_the_batches_that_rows_come_in(tmp_path: Path) -> None:
    size = ROW_GROUP_SIZE + 5_000
    names = pa.array([f"n{at:07}" for at in range(size)])
    columns = [names, names, *(pa.nulls(size, field.type) for field in list(NOTE.schema())[2:])]
    whole = pa.Table.from_arrays(columns, schema=NOTE.schema())
    made = []
    for batch in (size, 977, 50_000):
        folder = tmp_path / str(batch)
        folder.mkdir()
        assert write(NOTE, pa.Table.from_batches(whole.to_batches(batch)), folder) == size
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert made[0] == made[1] == made[2]
    assert len(made[0]) == 2
    with pq.ParquetFile(folder / "note.parquet") as file:
        groups = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
    assert groups == [ROW_GROUP_SIZE, 5_000]


def test_a_table_out_of_order_is_put_in_order(
    tmp_path: Path,
) -> None:
    size = 2 * ROW_GROUP_SIZE
    names = pa.array([f"n{at:07}" for at in range(size)])
    columns = [names, *(pa.nulls(size, field.type) for field in list(NOTE.schema())[1:])]
    whole = pa.Table.from_arrays(columns, schema=NOTE.schema())
    for folder, table in (("sorted", whole), ("turned", whole.take(pa.array(range(size - 1, -1, -1))))):
        (tmp_path / folder).mkdir()
        write(NOTE, table, tmp_path / folder)
    assert (tmp_path / "sorted/note.csv").read_bytes() == (tmp_path / "turned/note.csv").read_bytes()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([note("a"), note("a")], "the row of name a stands twice"),
        ([note("b"), note("a"), note("b")], "the row of name b stands twice"),
        ([note("a"), {"text": "x"}], "column name is required"),
    ],
)
def test_rows_that_break_the_declaration_are_refused(
    tmp_path: Path, given: list[dict[str, Any]], says: str
) -> None:
    with pytest.raises(WenshuError, match=says):
        write(NOTE, rows(NOTE, *given), tmp_path)


def test_other_columns_than_declared_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WenshuError, match="declared are name, text"):
        write(NOTE, rows(NOTE, note()).select(["text", "name"]), tmp_path)


def test_database_has_keys_comments_and_exact_decimals(tmp_path: Path) -> None:
    path = tmp_path / "it's.duckdb"
    given = [note(value=Decimal("0.1"), text="=1"), note("b", day=date(2020, 7, 8))]
    write(NOTE, rows(NOTE, *given), tmp_path)
    write_database(path, [NOTE], tmp_path)
    with duckdb.connect(str(path), read_only=True) as database:
        assert database.execute("SELECT name, text, value FROM note").fetchall() == [
            ("a", "=1", Decimal("0.1")),
            ("b", None, None),
        ]
        assert database.execute("SELECT comment FROM duckdb_tables()").fetchone() == (
            "每行一张。 A row is a note.",
        )
        comments = "SELECT comment FROM duckdb_columns() WHERE column_name = 'text' AND table_name = 'note'"
        assert database.execute(comments).fetchone() == ("写了什么。 What it says.",)
        assert ("PRIMARY KEY",) in database.execute(
            "SELECT constraint_type FROM duckdb_constraints()"
        ).fetchall()


def test_a_table_too_large_for_an_index_tells_its_key_by_its_comment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_file, "MAX_KEYED_ROWS", 1)
    write(NOTE, rows(NOTE, note("a"), note("b")), tmp_path)
    write_database(tmp_path / "note.duckdb", [NOTE], tmp_path)
    with duckdb.connect(str(tmp_path / "note.duckdb"), read_only=True) as database:
        assert database.execute("SELECT name FROM note").fetchall() == [("a",), ("b",)]
        kinds = database.execute("SELECT constraint_type FROM duckdb_constraints()").fetchall()
        (told,) = database.execute("SELECT comment FROM duckdb_tables()").fetchone() or ("",)
    assert kinds == [("NOT NULL",)]
    assert told.endswith(f"键 Key: {', '.join(NOTE.key)}.")
