"""A release opened by what its users have: pandas, pyarrow, DuckDB, R's readr, LibreOffice, SheetJS, exceljs.

The last four are skipped where they are not installed: `apt-get install r-cran-readr libreoffice-calc`
and `npm install --prefix tests/readers` bring them.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from handmade import DECLARED, quantity, released, small

from pipeline.releases.writers.csv import FORMULA

TEXTS = ["=1+1", "+86", "-3.25%", "@党员", "\t缩进", "\r回车", "'撇号", '他说，"好"', "上\n下", "487个"]
VALUES = ["487", "0.5", "-3.25", "1234567.89", "0", "1", "2", "3", "4", "999999999999999"]
ROWS = [
    quantity(n, v, text=t, subject="老旧小区") for n, (v, t) in enumerate(zip(VALUES, TEXTS, strict=True))
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("output"), small(*ROWS)).folder / "data"


def same(texts: list[Any], values: list[Any], *, escaped: bool) -> bool:
    """Whether a reader has the texts and the values that were released."""
    seen = [text[1:] if escaped and re.match(FORMULA, text) else text for text in texts]
    assert seen == TEXTS
    assert [Decimal(str(value)).normalize() for value in values] == [Decimal(v).normalize() for v in VALUES]
    return True


def test_pandas(data: Path) -> None:
    frame = pd.read_csv(data / "quantities.csv", dtype={"value": "string"})
    assert same(frame["text"].tolist(), frame["value"].tolist(), escaped=True)
    frame = pd.read_parquet(data / "quantities.parquet")
    assert same(frame["text"].tolist(), frame["value"].tolist(), escaped=False)


def test_decimals_sum_exactly_and_floats_compute(data: Path) -> None:
    frame = pd.read_parquet(data / "quantities.parquet")
    assert frame["value"].sum() == sum(map(Decimal, VALUES))
    assert frame["value"].astype(float).std() > 0
    query = "SELECT sum(value), stddev(value::DOUBLE) > 0, max(value::DOUBLE ^ 2) FROM read_parquet(?)"
    with duckdb.connect() as database:
        total, spread, square = database.execute(query, [str(data / "quantities.parquet")]).fetchall()[0]
    assert (total, spread) == (sum(map(Decimal, VALUES)), True)
    assert square > 1e29


def test_pyarrow(data: Path) -> None:
    options = pyarrow.csv.ParseOptions(newlines_in_values=True)
    table = pyarrow.csv.read_csv(data / "quantities.csv", parse_options=options)
    assert same(table["text"].to_pylist(), table["value"].to_pylist(), escaped=True)
    table = pq.read_table(data / "quantities.parquet")
    assert same(table["text"].to_pylist(), table["value"].to_pylist(), escaped=False)


@pytest.mark.parametrize("kind", ["csv", "parquet", "duckdb"])
def test_duckdb(data: Path, kind: str) -> None:
    path = data / f"quantities.{kind}"
    if kind == "duckdb":
        place = data.parent.with_name(f"{data.parent.name}.duckdb")
        with duckdb.connect(str(place), read_only=True) as database:
            rows = database.execute("SELECT text, value FROM sentences ORDER BY start").fetchall()
            assert database.execute("SELECT indicator, quote FROM figures").fetchall()
    else:
        query = f"SELECT text, value::DECIMAL(38, 10) FROM read_{kind}(?) ORDER BY start"
        with duckdb.connect() as database:
            rows = database.execute(query, [str(path)]).fetchall()
    assert same([text for text, _ in rows], [value for _, value in rows], escaped=kind == "csv")


def test_readr(data: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("no R here: apt-get install r-cran-readr")
    code = """
        suppressMessages(library(readr))
        read <- function(name) read_csv(file.path(commandArgs(TRUE), name), show_col_types = FALSE)
        rows <- read("quantities.csv")
        stopifnot(nrow(problems(rows)) == 0, is.numeric(rows$value), is.numeric(rows$start))
        # Code points and not characters: the terminal's encoding is no matter of the file's.
        for (text in rows$text) cat(utf8ToInt(enc2utf8(text)), "\\n")
        cat(format(rows$value, digits = 17, scientific = FALSE, trim = TRUE), sep = "\\n")
        cat(colnames(read("renovation.csv")), sep = "\\n")
    """
    end = subprocess.run(["Rscript", "-e", code, str(data)], capture_output=True, text=True, encoding="utf-8")
    if "there is no package called" in end.stderr:
        pytest.skip("no readr here: apt-get install r-cran-readr")
    assert end.returncode == 0, end.stderr
    lines = end.stdout.splitlines()
    texts = ["".join(chr(int(code)) for code in line.split()) for line in lines[: len(TEXTS)]]
    values = [float(line) for line in lines[len(TEXTS) : 2 * len(TEXTS)]]
    assert [text[1:] if re.match(FORMULA, text) else text for text in texts] == TEXTS
    assert values == [float(value) for value in VALUES]
    assert tuple(lines[2 * len(TEXTS) :]) == DECLARED["renovation"].names


def converted(path: Path, folder: Path, kind: str, read: str | None = None) -> Path:
    """The file as LibreOffice saves it."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here: apt-get install libreoffice-calc")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)]
    command[3:3] = [f"--infilter={read}"] if read else []
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.{kind.partition(':')[0]}"


# Comma, double quote, UTF-8, from line 1; neither formulas nor special numbers are looked for.
CSV_FILTER = "Text - txt - csv (StarCalc):44,34,76,1"


def test_libreoffice_reads_csv(data: Path, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(converted(data / "quantities.csv", tmp_path, "xlsx", CSV_FILTER)).active
    assert sheet is not None
    names = [cell.value for cell in sheet[1]]
    text, value, number = (names.index(column) + 1 for column in ("text", "value", "start"))
    cells = [sheet.cell(row, text) for row in range(2, len(ROWS) + 2)]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    texts = [cell.value.replace("_x000D_", "\r") for cell in cells]
    texts = [t[1:] if re.match(FORMULA, t) else t for t in texts]
    # A spreadsheet knows one line end within a cell.
    assert [t.replace("\r", "\n") for t in texts] == [t.replace("\r", "\n") for t in TEXTS]
    values = [sheet.cell(row, value).value for row in range(2, len(ROWS) + 2)]
    assert [float(v) for v in values] == [float(v) for v in VALUES]
    assert isinstance(sheet.cell(2, number).value, int)


def test_libreoffice_reads_the_workbook(data: Path, tmp_path: Path) -> None:
    book = converted(data.parent / "wenshu.xlsx", tmp_path, "ods")
    again = openpyxl.load_workbook(converted(book, tmp_path, "xlsx"))
    assert again.sheetnames == ["说明", "老旧小区改造", "数据", "指标", "数据字典"]
    row = [cell.value for cell in again["老旧小区改造"][2]]
    assert row[:7] == ["河南省郑州市中原区", "2020 年", 487, 89, 203, 195, 0]


@pytest.mark.soak
def test_libreoffice_prints_the_workbook(data: Path, tmp_path: Path) -> None:
    """Each page of a sheet says whose it is, and has the first head and the last."""
    pages = printed(converted(data.parent / "wenshu.xlsx", tmp_path, "pdf")).split("\f")
    assert "要重新下载吗" in pages[0]
    assert any("纳入改造（个）" in page and "487" in page for page in pages)
    heads = {"老旧小区改造": ("地区", "来源"), "数据": ("地区", "链接"), "数据字典": ("表", "取值")}
    for name, (first, last) in heads.items():
        own = [page for page in pages if re.search(rf"{name}\s*\d+\s*/\s*{len(pages)}\b", page)]
        assert own, name
        assert all(first in page and last in page for page in own), name


def test_sheetjs_and_exceljs_read_the_workbook(data: Path, root: Path) -> None:
    readers = root / "tests" / "readers"
    if shutil.which("node") is None or not (readers / "node_modules").is_dir():
        pytest.skip("no SheetJS and exceljs here: npm install --prefix tests/readers")
    command = ["node", str(readers / "workbook.cjs"), str(data.parent / "wenshu.xlsx")]
    end = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    for said in map(json.loads, end.stdout.splitlines()):
        assert list(said["sheets"]) == ["说明", "老旧小区改造", "数据", "指标", "数据字典"], said["reader"]
        heads, row = said["sheets"]["老旧小区改造"][:2]
        assert heads[:3] == ["地区", "时期", "纳入改造（个）"]
        assert row[:7] == ["河南省郑州市中原区", "2020 年", 487, 89, 203, 195, 0]
        assert len(said["sheets"]["数据字典"]) == 1 + sum(len(table.columns) for table in DECLARED.values())


def test_datapackage_js_reads_every_table_by_its_schema(data: Path, root: Path) -> None:
    readers = root / "tests" / "readers"
    if shutil.which("node") is None or not (readers / "node_modules" / "datapackage").is_dir():
        pytest.skip("no datapackage-js here: npm install --prefix tests/readers")
    command = ["node", str(readers / "datapackage.cjs"), str(data.parent / "datapackage.json")]
    end = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    there = {path.stem: len(pq.read_table(path)) for path in data.glob("*.parquet")}
    assert json.loads(end.stdout)["rows"] == there


def printed(path: Path) -> str:
    """The text of a PDF, a form feed after each page."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return "\f".join(page.get_textpage().get_text_bounded() for page in document)
