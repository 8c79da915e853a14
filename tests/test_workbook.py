"""The workbook of a release: what an office wants of it, in words; any text as text, no number rounded."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from handmade import DAY, DECLARED, quantity, released, small

from pipeline.releases.writers import sheets
from pipeline.releases.writers.sheets import SheetColumn, WorkbookWriter
from pipeline.settings import Publication


def cells_of(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(path)
    return [tuple(cell.value for cell in row) for row in book[sheet].iter_rows()]


def booked(folder: Path, *rows: Sequence[Any]) -> Path:
    """A workbook of one sheet of these rows."""
    path = folder / "book" / "book.xlsx"
    path.parent.mkdir()
    book = WorkbookWriter(path, "书", DAY)
    book.add(book.name("表"), [SheetColumn("甲", 10), SheetColumn("乙", 10, folded=True)], rows)
    book.close()
    return path


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a release after one that had another figure, and another figure more."""
    output = tmp_path_factory.mktemp("output")
    before = small()
    released(output, before)
    after = small()
    observed = after["observations"].to_pylist()[0] | {"obs_value": Decimal("1234567.50")}
    after["observations"] = type(after["observations"]).from_pylist([observed], after["observations"].schema)
    return released(output, after).folder / "wenshu.xlsx"


def test_it_opens_on_what_it_holds_with_a_link_to_each_sheet(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == ["说明", "老旧小区改造", "数据", "指标", "变更", "数据字典"]
    assert book.active is not None
    assert book.active.title == "说明"
    cover = [tuple(cell.value for cell in row) for row in book["说明"].iter_rows()]
    assert ("版本", None, "2026.11.22.1") in cover
    assert next(row[2] for row in cover if str(row[0]).startswith("要重新下载")).startswith("需要")
    links = {cell.hyperlink.location for (cell,) in book["说明"].iter_rows(max_col=1) if cell.hyperlink}
    assert links == {f"'{name}'!A1" for name in book.sheetnames[1:]}
    assert ("数据", 1) in {row[:2] for row in cover}


def test_sheets_have_heads_in_words_that_stay_filters_and_pages_that_print(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$1"


def test_a_dataset_has_its_region_and_units_in_words_and_its_ids_folded(workbook: Path) -> None:
    heads, row = cells_of(workbook, "老旧小区改造")
    assert dict(zip(heads, row, strict=True)) == {
        "地区": "河南省郑州市中原区", "时期": "2020 年", "纳入改造（个）": 487, "改造完成（个）": 89,
        "进入收尾（个）": 203, "新开工（个）": 195, "余差": 0, "更正": None, "来源": "《中原报》，2020-07-08",
        "文档标识": "d1", "决定": None, "地区代码": "410102",
    }  # fmt: skip


def test_figures_have_names_thousands_apart_and_a_link_to_their_sentence(workbook: Path) -> None:
    sheet = openpyxl.load_workbook(workbook)["数据"]
    row = dict(zip([str(cell.value) for cell in sheet[1]], sheet[2], strict=True))
    shown = {name: row[name].value for name in ("地区", "指标", "时期", "单位", "限定", "状态", "链接")}
    assert list(shown.values()) == ["河南省郑州市中原区", "纳入改造", "2020 年", "个", "确数", "正常", "原文"]
    assert row["数值"].value == 1234567.5
    assert row["数值"].number_format == "#,##0.0"
    assert sheet["D1"].alignment.horizontal == "right"
    assert row["链接"].hyperlink.target.replace("\\", "/") == "validation/sources/d1.html"
    for name, folded in (("数量标识", True), ("地区代码", True), ("下界", True), ("地区", False)):
        dimension = next(
            each for each in sheet.column_dimensions.values() if each.min <= row[name].column <= each.max
        )
        assert (dimension.hidden, dimension.outlineLevel) == (folded, int(folded))


def test_it_is_in_english_where_the_settings_say_so(tmp_path: Path) -> None:
    path = released(tmp_path, publication=Publication(language="en")).folder / "wenshu.xlsx"
    assert openpyxl.load_workbook(path).sheetnames == [
        "About", "Renovation", "Figures", "Indicators", "Dictionary",
    ]  # fmt: skip
    assert cells_of(path, "Figures")[0][:4] == ("Region", "Indicator", "Period", "Value")
    assert cells_of(path, "Renovation")[1][:3] == ("河南省郑州市中原区", "2020", 487)


def test_its_changes_are_those_of_what_it_shows(workbook: Path) -> None:
    rows = cells_of(workbook, "变更")
    assert rows[1][:9] == (
        "数据", "河南省郑州市中原区", "纳入改造", "2020 年", "改动", "观测值", "487", "1234567.5", "来源",
    )  # fmt: skip
    assert len(rows) == 2


def test_tables_without_rows_have_no_sheet(tmp_path: Path) -> None:
    tables = small()
    tables["observations"] = tables["observations"].slice(0, 0)
    names = openpyxl.load_workbook(released(tmp_path, tables).folder / "wenshu.xlsx").sheetnames
    assert names == ["说明", "老旧小区改造", "指标", "数据字典"]


def test_the_dictionary_has_every_column_of_every_table(workbook: Path) -> None:
    rows = cells_of(workbook, "数据字典")
    assert rows[0][:3] == ("表", "列", "名称")
    assert {row[:3] for row in rows[1:]} == {
        (table.name, column.name, column.title.zh) for table in DECLARED.values() for column in table.columns
    }


def test_it_is_an_ordinary_zip_whose_rows_and_cells_say_where_they_are(workbook: Path) -> None:
    """Some readers know no ZIP64, others no row without its number."""
    with zipfile.ZipFile(workbook) as archive:
        assert all(entry.extract_version < 45 for entry in archive.infolist())
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    assert not re.search(r"<row(?![^>]* r=)|<c(?![^>]* r=)(?=[ />])", sheet)


def test_its_bytes_are_the_same_each_time(tmp_path: Path) -> None:
    quantities = [quantity(n, n) for n in range(5)]
    made = [released(tmp_path / name, small(*quantities)).folder / "wenshu.xlsx" for name in ("a", "b")]
    assert made[0].read_bytes() == made[1].read_bytes()


def test_cells_are_typed(tmp_path: Path) -> None:
    days = [date(2020, 7, 8), date(1899, 1, 1)]
    path = booked(tmp_path, [" 甲\n乙 ", -7], [days[0], True], [days[1], None], ["", False])
    rows = cells_of(path, "表")
    assert rows[1] == (" 甲\n乙 ", -7)
    assert (rows[2][0].date(), rows[2][1]) == (days[0], True)
    assert rows[3] == ("1899-01-01", None)
    assert rows[4][1] is False
    assert openpyxl.load_workbook(path).properties.created.date() == DAY


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "@x", "<b>&amp;</b>", "_x000D_", "a\rb", "\x01", "]]>", "🀄", "\ufffe", "http://a.b/c"],
)
def test_any_text_stays_text(tmp_path: Path, text: str) -> None:
    cell = openpyxl.load_workbook(booked(tmp_path, [text]))["表"]["A2"]
    assert cell.data_type in ("s", "inlineStr")
    # openpyxl leaves _xHHHH_, by which XLSX spells what XML cannot hold, as it stands.
    assert re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), cell.value) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("123456789012345", 123456789012345),
        ("1234567890123456", "1234567890123456"),
        ("-0.0000000001", -1e-10),
        ("1234567890123456.5", "1234567890123456.5"),
        ("454.1800000000", 454.18),
        ("1E+20", 1e20),
    ],
)
def test_no_number_is_rounded(tmp_path: Path, value: str, cell: Any) -> None:
    found = cells_of(booked(tmp_path, [Decimal(value)]), "表")[1][0]
    assert found == cell
    assert type(found) is type(cell) or isinstance(found, int | float)


def test_rows_that_a_sheet_cannot_hold_go_on_in_further_sheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "ROWS", 2)
    path = booked(tmp_path, *([f"n{at}"] for at in range(5)))
    names = openpyxl.load_workbook(path).sheetnames
    assert names == ["表", "表_2", "表_3"]
    assert [[row[0] for row in cells_of(path, name)] for name in names] == [
        ["甲", "n0", "n1"], ["甲", "n2", "n3"], ["甲", "n4"],
    ]  # fmt: skip


def test_what_no_cell_holds_is_cut(tmp_path: Path) -> None:
    cell = cells_of(booked(tmp_path, ["数" * 40_000]), "表")[1][0]
    assert len(cell) == 32_767
    assert cell.endswith("…")


def test_sheets_are_named_apart_in_what_a_spreadsheet_takes() -> None:
    taken: list[str] = []
    for name in ("a" * 40, "a" * 35, "A" * 31, "b", "甲/乙[丙]:*?", "'", ""):
        taken.append(sheets.sheet_name(name, taken))
    assert len({name.lower() for name in taken}) == len(taken)
    assert all(0 < len(name) <= 31 for name in taken)
    assert not set("".join(taken)) & set("[]:*?/\\'")
