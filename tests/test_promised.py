"""What docs promise of attacks and damage: how much is tried, and which tests hold each line."""

from __future__ import annotations

from pathlib import Path

import pytest
from growing import FILES, PIECES
from hostile import entries

MENDED = {
    "the run is killed, the power fails": "test_damage_nights.py::test_a_run_that_was_killed_changes_no_byte",
    "the cache is damaged":
        "test_damage_nights.py::test_a_damaged_file_of_what_nights_remember_changes_no_byte",
    "index.json, or its copy in runs/, is damaged or gone":
        "test_damage_nights.py::test_what_the_operator_need_do_nothing_about_changes_no_byte",
    "both are": "test_damage.py::test_an_index_lost_with_its_copy_is_made_again_of_releases_and_runs",
    "a run's record, or its issues, are damaged or gone":
        "test_damage_nights.py::test_what_the_operator_need_do_nothing_about_changes_no_byte",
    "`latest`, `latest.duckdb` or `site` is gone":
        "test_damage_nights.py::test_what_the_operator_need_do_nothing_about_changes_no_byte",
    "a source changes while it is read":
        "test_faults.py::test_sources_that_change_while_they_are_read_are_right_the_night_after",
}  # fmt: skip
"""What breaks and needs nothing of the operator, by its line in docs/operations.md, and what holds that."""


def test_as_much_that_is_hostile_is_tried_as_the_document_says(root: Path) -> None:
    names = {entry.name for entry in entries()}
    said = (root / "docs" / "security.md").read_text(encoding="utf-8")
    assert f"{len(names)} entries in `tests/hostile.py`" in said
    assert f"{len(set(PIECES))} texts and {len(FILES)} kinds of file in `tests/growing.py`" in said


def test_each_line_that_asks_nothing_of_the_operator_is_held_by_a_test(root: Path) -> None:
    said = (root / "docs" / "operations.md").read_text(encoding="utf-8")
    table = said.partition("## When something breaks")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if "|" in line
    ]
    assert {what for what, _, todo in rows if todo.startswith("nothing")} == MENDED.keys()


@pytest.mark.parametrize("held", sorted(set(MENDED.values())))
def test_what_holds_a_line_is_there(root: Path, held: str) -> None:
    name, _, function = held.partition("::")
    assert f"def {function}(" in (root / "tests" / name).read_text(encoding="utf-8")
