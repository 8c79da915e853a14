"""The workbook of a release: typed cells, any text as text, no number rounded."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from handmade import DAY, rows
from test_writers import NOTE, note

from pipeline.releases.writers import workbook, write
from pipeline.releases.writers.workbook import WorkbookWriter


def cells_of(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(path)
    return [tuple(cell.value for cell in row) for row in book[sheet].iter_rows()]


def booked(folder: Path, *given: dict[str, Any]) -> Path:
    path = folder / "book.xlsx"
    write([(NOTE, rows(NOTE, *given))], [WorkbookWriter(path, [NOTE], DAY)])
    return path


def test_workbook_has_typed_cells_a_frozen_head_and_a_dictionary(tmp_path: Path) -> None:
    path = booked(
        tmp_path,
        note(text=" 甲\n乙 ", value=Decimal("454.18"), number=-7, day=date(2020, 7, 8), good=True),
        note("b", day=date(1899, 1, 1), good=False),
    )
    book = openpyxl.load_workbook(path)
    sheet = book["note"]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == list(NOTE.names)
    assert [cell.value for cell in sheet[2]][:4] == ["a", " 甲\n乙 ", 454.18, -7]
    assert sheet["E2"].value.date() == date(2020, 7, 8)
    assert sheet["F2"].value is True
    assert sheet["F3"].value is False
    assert sheet["E3"].value == "1899-01-01"
    assert sheet["B3"].value is None
    assert ("note", "text", "文", "Text", "写了什么。", "What it says.") in {
        row[:6] for row in cells_of(path, "dictionary")
    }
    assert book.properties.created.date() == DAY


@pytest.mark.parametrize("text", ["=1+1", "+1", "@x", "<b>&amp;</b>", "_x000D_", "a\rb", "\x01", "]]>", "🀄"])
def test_workbook_keeps_any_text_as_text(tmp_path: Path, text: str) -> None:
    sheet = openpyxl.load_workbook(booked(tmp_path, note(text=text)))["note"]
    assert sheet["B2"].data_type in ("s", "inlineStr")
    # openpyxl leaves _xHHHH_, by which XLSX spells what XML cannot hold, as it stands.
    spelt = re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), sheet["B2"].value)
    assert spelt == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("123456789012345", 123456789012345),
        ("1234567890123456", "1234567890123456"),
        ("-0.0000000001", -1e-10),
        ("1234567890123456.5", "1234567890123456.5"),
        ("1E+20", 1e20),
    ],
)
def test_workbook_rounds_no_number(tmp_path: Path, value: str, cell: Any) -> None:
    found = cells_of(booked(tmp_path, note(value=Decimal(value))), "note")[1][2]
    assert found == cell
    assert type(found) is type(cell) or isinstance(found, int | float)


def test_workbook_goes_on_in_further_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 2)
    path = booked(tmp_path, *(note(f"n{at}") for at in range(5)))
    sheets = openpyxl.load_workbook(path).sheetnames
    assert sheets == ["dictionary", "note", "note_2", "note_3"]
    assert [len(cells_of(path, name)) - 1 for name in sheets[1:]] == [2, 2, 1]
    assert cells_of(path, "note_3")[0][0] == "name"


def test_workbook_cuts_what_no_cell_holds(tmp_path: Path) -> None:
    cell = cells_of(booked(tmp_path, note(text="数" * 40_000)), "note")[1][1]
    assert len(cell) == 32_767
    assert cell.endswith("…")


def test_sheets_are_named_apart() -> None:
    taken: list[str] = []
    for name in ("a" * 40, "a" * 35, "A" * 31, "b"):
        taken.append(workbook._free(name, taken))
    assert len({name.lower() for name in taken}) == 4
    assert all(len(name) <= 31 for name in taken)
