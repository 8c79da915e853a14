"""What changed between two releases, and why."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from handmade import DECLARED, TABLES, Renovation, document, quantity, released, rows, small

from pipeline.errors import WenshuError
from pipeline.releases.changes import difference, next_schema_version, schema_of
from pipeline.releases.metadata import ReleaseMetadata
from pipeline.releases.writers import write
from pipeline.tables import with_datasets

FOUR = [quantity(n, v) for n, v in enumerate((487, 89, 203, 195))]
VALUE = ("quantities", "value")
TWO_DOCUMENTS = [document("d1"), document("d2")]


def changed(
    folder: Path, before: dict[str, pa.Table], after: dict[str, pa.Table],
    held: dict[str, pa.Table] | None = None, **made_with: str,
) -> list[Any]:  # fmt: skip
    """The rows of `changes` between two releases' tables, numerals aside: they repeat the quantities."""
    sides = []
    for name, tables, inputs in (("before", before, {}), ("after", after, made_with)):
        (folder / name / "data").mkdir(parents=True)
        for table, lines in tables.items():
            write(DECLARED[table], lines, folder / name / "data")
        columns = schema_of(DECLARED[table] for table in tables)
        sides.append(ReleaseMetadata(folder / name, {"schema": {"tables": columns}, "inputs": inputs}))
    found = difference(*sides, [DECLARED[name] for name in after], held or {}).to_pylist()
    return [tuple(cell or "" for cell in row.values()) for row in found if row["table"] != "numerals"]


def test_the_first_release_has_no_changes(tmp_path: Path) -> None:
    assert released(tmp_path).rows["changes"] == 0


def test_a_changed_cell_is_told_with_old_and_new(tmp_path: Path) -> None:
    after = [{**FOUR[0], "value": Decimal("487.50")}, *FOUR[1:]]
    assert changed(tmp_path, small(*FOUR), small(*after), rules="new") == [
        ("quantities", "q0000", "changed", "value", "487", "487.5", "rules")
    ]


def test_rows_that_come_and_go_are_told_whole(tmp_path: Path) -> None:
    after = [*FOUR[:3], quantity(9, 1)]
    gone, came = changed(tmp_path, small(*FOUR), small(*after), rules="new")
    assert (gone[:4], gone[5:]) == (("quantities", "q0003", "removed", ""), ("", "rules"))
    assert (came[:5], came[6:]) == (("quantities", "q0009", "added", "", ""), ("rules",))
    assert json.loads(gone[4])["text"] == "195个"
    assert json.loads(came[5]).items() >= {"value": "1", "unit": "个", "obs_status": "A"}.items()
    assert "start" not in json.loads(came[5])


def observed(*lines: dict[str, Any]) -> pa.Table:
    line = small(*FOUR)["observations"].to_pylist()[0]
    return rows(DECLARED["observations"], *({**line, **more} for more in lines))


def test_a_figure_that_another_document_states_now_has_another_source_and_no_change(tmp_path: Path) -> None:
    before = small(*FOUR, documents=TWO_DOCUMENTS)
    lines = [{"time_period": "2021"}, {"document_id": "d2"}]
    after = before | {"observations": observed({"time_period": "2021"}, {"document_id": "d2"})}
    before["observations"] = observed(lines[0], {"document_id": "d1"})
    (found,) = changed(tmp_path, before, after, rules="new")
    assert found[:2] == ("observations", '["renovation_planned","410102","2020","d2"]')
    assert found[2:] == ("resourced", "document_id", "d1", "d2", "rules")


def test_a_figure_of_another_value_from_another_document_came_and_the_old_one_went(tmp_path: Path) -> None:
    before = small(*FOUR, documents=TWO_DOCUMENTS)
    after = before | {"observations": observed({"document_id": "d2", "obs_value": Decimal(488)})}
    assert [row[2] for row in changed(tmp_path, before, after)] == ["removed", "added"]


def test_the_same_text_by_another_name_is_renamed(tmp_path: Path) -> None:
    before = small(*FOUR, documents=[document(), document("d2", sha256="1" * 64)])
    after = small(*FOUR, documents=[document(), document("d2", sha256="1" * 64, path="d3.txt")])
    assert changed(tmp_path, before, after, rules="new") == [
        ("documents", "d2", "renamed", "path", "d2.txt", "d3.txt", "source")
    ]


def test_a_row_that_is_held_back_went_for_that(tmp_path: Path) -> None:
    held = pa.table({"quantity_id": ["q0003"]})
    found = changed(tmp_path, small(*FOUR), small(*FOUR[:3]), held={"quantities": held})
    assert [(row[1], row[2], row[6]) for row in found] == [("q0003", "removed", "held")]


def test_a_row_that_only_moved_is_one_change(tmp_path: Path) -> None:
    after = [*FOUR[:3], quantity(3, 195, start=35, end=38, sentence=9)]
    assert [row[:4] for row in changed(tmp_path, small(*FOUR), small(*after), rules="new")] == [
        ("quantities", "q0003", "moved", "sentence")
    ]


def test_a_key_of_several_columns_is_a_json_array(tmp_path: Path) -> None:
    after = small(*FOUR)
    after["renovation"] = after["renovation"].set_column(
        3, "completed", pa.array([Decimal(90)], after["renovation"].schema.field("completed").type)
    )
    assert changed(tmp_path, small(*FOUR), after, catalog="new") == [
        ("renovation", '["410102","2020","d1"]', "changed", "completed", "89", "90", "catalog")
    ]


def test_keys_with_a_null_are_matched(tmp_path: Path) -> None:
    made = []
    for value in (1, 2):
        tables = small(*FOUR)
        line = {**tables["observations"].to_pylist()[0], "ref_area": None, "obs_value": Decimal(value)}
        made.append(tables | {"observations": rows(DECLARED["observations"], line)})
    assert changed(tmp_path, made[0], made[1], rules="new") == [
        ("observations", '["renovation_planned",null,"2020","d1"]', "changed", "obs_value", "1", "2", "rules")
    ]


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ({"rules": "new"}, "rules"),
        ({"catalog": "new"}, "catalog"),
        ({"decisions": "new"}, "decision"),
        ({"rules": "new", "catalog": "new"}, "several"),
        ({}, "source"),
    ],
)
def test_the_cause_is_what_the_release_was_made_with(
    tmp_path: Path, more: dict[str, str], cause: str
) -> None:
    after = small(quantity(0, 488), *FOUR[1:])
    assert {row[-1] for row in changed(tmp_path, small(*FOUR), after, **more)} == {cause}


def test_a_changed_source_is_the_cause_in_its_own_document_alone(tmp_path: Path) -> None:
    before = [FOUR[0], quantity(1, 89, document_id="d2")]
    after = [quantity(0, 488), quantity(1, 90, document_id="d2")]
    found = changed(
        tmp_path,
        small(*before, documents=TWO_DOCUMENTS),
        small(*after, documents=[document("d1", sha256="1" * 64), document("d2")]),
        rules="new",
    )
    assert {(row[1], row[-1]) for row in found if row[0] == "quantities"} == {
        ("q0000", "source"),
        ("q0001", "rules"),
    }


def test_a_decision_is_the_cause_of_the_rows_it_touched(tmp_path: Path) -> None:
    after = [quantity(0, 488, decision_id="2026-001"), *FOUR[1:]]
    found = changed(tmp_path, small(*FOUR), small(*after), decisions="new", rules="new")
    assert {row[-1] for row in found if row[1] == "q0000"} == {"decision"}


def test_a_new_dataset_is_one_change_and_a_minor_schema(tmp_path: Path) -> None:
    released(tmp_path)
    wider = with_datasets([Renovation(), Renovation(id="again")])
    tables = small() | {"again": rows(wider["again"])}
    release = released(tmp_path, tables, declarations=wider, catalog="new")
    assert release.changes == {("again", "table_added", "catalog"): 1}
    assert "Schema: 1.1.0" in (release.folder / "RELEASE.md").read_text(encoding="utf-8")


def test_a_dataset_that_vanishes_needs_a_word(tmp_path: Path) -> None:
    released(tmp_path)
    less = {name: table for name, table in small().items() if name != "renovation"}
    with pytest.raises(WenshuError, match=r"drop, rename or retype renovation.*--allow-schema-change"):
        released(tmp_path, less)
    release = released(tmp_path, less, allow_schema_change=True, catalog="new")
    assert release.changes == {("renovation", "table_removed", "catalog"): 1}
    assert "Schema: 2.0.0" in (release.folder / "RELEASE.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("new", "version"),
    [
        ({"a": {"x": "string"}}, "1.2.3"),
        ({"a": {"x": "string", "y": "string"}}, "1.3.0"),
        ({"a": {"x": "string"}, "b": {}}, "1.3.0"),
        ({"a": {"x": "integer"}}, "2.0.0"),
        ({"a": {"y": "string"}}, "2.0.0"),
        ({"b": {"x": "string"}}, "2.0.0"),
    ],
)
def test_schemas_are_versioned_by_what_an_old_reader_would_miss(
    new: dict[str, dict[str, str]], version: str
) -> None:
    old = {"a": {"x": "string"}}
    assert next_schema_version("1.2.3", old, new, breaking=True) == version
    if version == "2.0.0":
        with pytest.raises(WenshuError, match="--allow-schema-change"):
            next_schema_version("1.2.3", old, new, breaking=False)


def test_every_change_is_in_the_vocabularies(tmp_path: Path) -> None:
    found = changed(tmp_path, small(*FOUR), small(quantity(0, 1), quantity(7, 7)), rules="new")
    table = TABLES["changes"]
    assert {row[2] for row in found} <= set(table.column("change").vocabulary)
    assert {row[6] for row in found} <= set(table.column("cause").vocabulary)


@pytest.mark.soak
@pytest.mark.parametrize("name", ["a[b]", "a*", "[", "a[!b]", "it's", "**"])
def test_an_output_folder_is_read_by_its_name_and_not_as_a_pattern(tmp_path: Path, name: str) -> None:
    """Beside each folder stands another one that its name would stand for as a pattern."""
    for other in ("ab", "ac", "b"):
        released(tmp_path / other, small(quantity(0, 9)))
        released(tmp_path / other, small(quantity(0, 8)))
    released(tmp_path / name, small(quantity(0, 1)))
    after = released(tmp_path / name, small(quantity(0, 2)))
    told = pq.read_table(after.folder / "data" / "changes.parquet").to_pylist()
    values = [(row["old"], row["new"]) for row in told if (row["table"], row["column"]) == VALUE]
    assert values == [("1", "2")]
    with duckdb.connect(str(after.folder.with_name(f"{after.version}.duckdb")), read_only=True) as database:
        assert database.execute("SELECT value::INT FROM quantities").fetchall() == [(2,)]


def test_an_output_folder_that_duckdb_cannot_write_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(WenshuError, match=r"has a question mark in its path.*--output"):
        released(tmp_path / "a?")
