"""How to load a table: lines that run as they stand, made of its own declaration."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.releases.workbook import sheet_title
from pipeline.tables import Table
from pipeline.tables.wording import Lang, in_language

_R_TYPES = {"string": "c", "integer": "d", "decimal": "d", "date": "D", "boolean": "l"}


class Recipe(NamedTuple):
    """name: of the tool. code: lines to copy, or steps to follow where `steps` is set."""

    name: str
    code: str
    steps: bool = False


def recipes(table: Table, version: str, lang: Lang, book: Lang = "zh") -> tuple[Recipe, ...]:
    """How to load the table with pandas, R, DuckDB and Excel.

    File names stand for the files of the download list; a page that is served replaces
    them by their addresses. book: the language of the workbook.
    """

    def t(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    name = table.name
    texts = [column.name for column in table.columns if column.type == "string"]
    dates = [column.name for column in table.columns if column.type == "date"]
    parsed = f", parse_dates={dates!r}" if dates else ""
    r_types = "".join(_R_TYPES[column.type] for column in table.columns)
    exact, codes = t("小数精确", "exact decimals"), t("代码仍为文字", "codes stay text")
    return (
        Recipe(
            "pandas",
            "import pandas as pd\n\n"
            f'df = pd.read_parquet("{name}.parquet", dtype_backend="pyarrow")  # {exact}\n\n'
            f"# {t('或用 CSV', 'or the CSV')}：{codes}\n".replace("：", t("：", ": "))
            + f'df = pd.read_csv("{name}.csv", encoding="utf-8-sig", keep_default_na=False, na_values=[""],\n'
            f"                 dtype=dict.fromkeys({texts!r}, str){parsed})",
        ),
        Recipe(
            "DuckDB",
            f"SELECT * FROM '{name}.parquet';\n\n"
            f"-- {t('或用带键与视图的数据库', 'or the database, with keys and views')}\n"
            f"ATTACH '{version}.duckdb' AS wenshu (READ_ONLY);\n"
            f"SELECT * FROM wenshu.{name};",
        ),
        Recipe(
            "R",
            f'library(readr)\n\ndf <- read_csv("{name}.csv", col_types = "{r_types}", na = "")  # {codes}',
        ),
        Recipe("Excel / WPS", _in_excel(table, lang, book), steps=True),
    )


def _in_excel(table: Table, lang: Lang, book: Lang) -> str:
    title = sheet_title(table)
    sheet = in_language(title, book) if title else ""
    if lang == "zh":
        opened = f"打开 wenshu.xlsx，转到工作表“{sheet}”：表头为名称，可筛选，可打印。也可" if sheet else ""
        return (
            f"{opened}双击 {table.name}.csv：文件带 BOM，中文不会乱码。文字单元格若以 = + - @ 开头，前面加了"
            "一个撇号 '，以免当作公式运行。"
        )
    opened = f"Open wenshu.xlsx and go to the sheet {sheet}: heads in words, to be filtered and printed. Or "
    return (
        f"{opened + 'd' if sheet else 'D'}ouble-click {table.name}.csv: it has a byte order mark, so the "
        "Chinese is intact. A text cell that begins with = + - @ has an apostrophe ' before it, so that it "
        "is not run as a formula."
    )
