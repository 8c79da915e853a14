"""One declaration a table, and rows that fit it: ids that last, values that are never rounded in silence."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from handmade import DECLARED, Renovation
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.frames.reading import read as extract
from pipeline.numbers.extract import Reading
from pipeline.numbers.mention import KINDS, MEASURES, QUALIFIERS, STATISTICAL
from pipeline.relations.ids import quantity_ids
from pipeline.tables import FRAME, TABLES, Bilingual, Column, Table, dataset_table, with_datasets
from pipeline.tables.mentions import mention_tables
from pipeline.tables.rows import (
    QUOTE,
    document_row,
    nearest_decimal,
    table_of_rows,
)
from pipeline.tables.vocabulary import CODES
from pipeline.texts.source import read_sources

CONTRACT = {
    "quantities": "document_id article sentence start end text kind value value_low value_high qualifier "
    "unit unit_code subject quote rule obs_status",
    "observations": "indicator ref_area time_period obs_value obs_low obs_high unit_measure qualifier "
    "obs_status quantity_id",
    "renovation": "ref_area time_period planned completed finishing starting residual",
    "issues": "fingerprint severity check document_id message since state decision",
    "changes": "table key change column old new cause",
    "documents": "path sha256 encoding title publisher page issue_date status",
}
KEYS = {
    "documents": "document_id",
    "quantities": "quantity_id",
    "numerals": "document_id start",
    "relations": "relation_id",
    "observations": "indicator ref_area time_period document_id",
    "renovation": "ref_area time_period document_id",
    "issues": "fingerprint",
}


@pytest.mark.parametrize("name", CONTRACT)
def test_tables_have_the_columns_of_the_contract_in_its_order(name: str) -> None:
    wanted = CONTRACT[name].split()
    assert [column for column in DECLARED[name].names if column in wanted] == wanted


@pytest.mark.parametrize("name", KEYS)
def test_tables_have_the_keys_of_the_contract(name: str) -> None:
    assert DECLARED[name].key == tuple(KEYS[name].split())


@pytest.mark.parametrize("table", DECLARED.values(), ids=lambda table: table.name)
def test_every_table_and_column_is_explained_in_both_languages(table: Table) -> None:
    said = [table.title, table.description]
    said += [words for column in table.columns for words in (column.title, column.meaning)]
    assert all(words.zh.strip() and words.en.strip() for words in said)
    assert all(any("\u4e00" <= c <= "\u9fff" for c in words.zh) or words.zh == words.en for words in said)


def test_the_dictionary_has_the_codes_that_the_grammar_gives() -> None:
    quantities, numerals = TABLES["quantities"], TABLES["numerals"]
    assert numerals.column("kind").vocabulary == KINDS
    assert quantities.column("kind").vocabulary == tuple(kind for kind in KINDS if kind in STATISTICAL)
    assert quantities.column("qualifier").vocabulary == QUALIFIERS
    assert quantities.column("measure").vocabulary == MEASURES
    names = quantities.names
    assert names[names.index("subject") + 1 : names.index("quote")] == FRAME
    assert {*KINDS} <= CODES["kind"].keys()


@pytest.mark.parametrize("name", ["qualifier", "obs_status", "measure", "direction", "severity", "cause"])
def test_every_code_of_a_column_has_a_name(name: str) -> None:
    used = {
        code for table in TABLES.values() for c in table.columns if c.name == name for code in c.vocabulary
    }
    assert used
    assert used <= CODES[name].keys()


@pytest.mark.parametrize("table", DECLARED.values(), ids=lambda table: table.name)
def test_foreign_keys_lead_to_keys(table: Table) -> None:
    for key in table.foreign_keys:
        target = DECLARED[key.table]
        assert key.references == target.key
        for own, other in zip(key.columns, key.references, strict=True):
            assert table.column(own).type == target.column(other).type


def test_a_dataset_becomes_a_table_after_the_observations() -> None:
    names = list(DECLARED)
    assert names.index("renovation") == names.index("observations") + 1
    table = DECLARED["renovation"]
    assert table.dataset
    assert table.column("planned").type == "decimal"
    assert table.column("planned").title == ("纳入改造", "Planned")


def test_a_long_dataset_has_the_columns_of_observations() -> None:
    table = dataset_table(Renovation(layout="long", id="long"))
    assert table.names == TABLES["observations"].names
    assert table.key == TABLES["observations"].key


def test_a_dataset_cannot_take_a_built_in_name() -> None:
    with pytest.raises(ValueError, match="'issues' has the name of a built-in table"):
        with_datasets([Renovation(id="issues")])


@pytest.mark.parametrize("name", ["a b", "名", 'a"', "", "1a", "../x"])
def test_names_that_would_need_quoting_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name"):
        Column(name, "string", Bilingual("", ""), Bilingual("", ""))


def read(text: str) -> tuple[Reading, list[str]]:
    reading = extract(text)
    return reading, quantity_ids("d1", reading)


def ids_of(text: str) -> dict[str, str]:
    """Quantity ids by the text of their mention."""
    reading, keys = read(text)
    return {m.text: key for m, key in zip(reading.mentions, keys, strict=True) if m.statistical}


def test_a_quantity_keeps_its_id_wherever_its_sentence_moves() -> None:
    one, other = "全区改造老旧小区487个。", "今年新增停车位3000个。"
    assert ids_of(one + other) == ids_of(f"今日要闻\n\n{other}\n\n{one}")


def test_a_quantity_keeps_its_id_over_other_line_ends(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert ids_of(text) == {
        text.replace("\r\n", "\n"): key for text, key in ids_of(text.replace("\n", "\r\n")).items()
    }


def test_equal_sentences_have_ids_of_their_own() -> None:
    _, keys = read("新增停车位30个。新增停车位30个。新增停车位30个。")
    assert len(keys) == 3
    assert len(set(keys)) == 3


def test_ids_differ_between_documents() -> None:
    reading = extract("新增停车位30个。")
    assert quantity_ids("d1", reading) != quantity_ids("d2", reading)


@settings(deadline=None)
@given(st.text(alphabet="一二三3个名。，\n 0万新增", max_size=80))
def test_ids_are_unique_and_look_like_no_number(text: str) -> None:
    reading, keys = read(text)
    every = quantity_ids("d1", reading, every=True)
    assert len(set(every)) == len(every)
    assert all(key.isalnum() and key[0] == "q" for key in every)
    assert keys == [key if m.statistical else "" for m, key in zip(reading.mentions, every, strict=True)]


def test_the_page_gives_its_rows(page: Path) -> None:
    (source,) = read_sources(page.parent)
    reading = extract(source.text)
    keys = quantity_ids(source.document_id, reading)
    numerals, quantities = mention_tables([(source.document_id, reading, keys)])
    documents = table_of_rows(TABLES["documents"], [document_row(source, reading)])
    assert not quantities.inexact
    assert quantities.table.num_rows == 48
    assert documents.table["quantities"].to_pylist() == [48]
    assert documents.table["numerals"].to_pylist() == [numerals.table.num_rows]
    assert set(numerals.table["quantity_id"].drop_null().to_pylist()) == set(
        quantities.table["quantity_id"].to_pylist()
    )
    for row in quantities.table.to_pylist():
        assert source.text[row["start"] : row["end"]] == row["text"]
    assert set(quantities.table["unit_code"].to_pylist()) >= {"1", "m2", "CNY"}


def test_a_quantity_too_large_is_named_in_both_tables_with_its_row() -> None:
    reading, keys = read("2020年7月8日产量99999999999999999999999999999999吨，增长3%。")
    numerals, quantities = mention_tables([("d0", *read("共3个。")), ("d1", reading, keys)])
    for table, misfits in (numerals, quantities):
        rows = {misfit.row for misfit in misfits}
        assert [table["text"][row].as_py() for row in rows] == ["99999999999999999999999999999999吨"]
        assert {misfit.table for misfit in misfits} == {
            "numerals" if table is numerals.table else "quantities"
        }


def test_a_quantity_has_the_status_of_its_observation() -> None:
    reading, keys = read("全区改造老旧小区487个，共89户。")
    table = mention_tables([("d1", reading, keys)], {keys[1]: "P"}).quantities.table
    assert table["obs_status"].to_pylist() == ["A", "P"]


def test_a_sentence_without_end_is_quoted_around_its_figures() -> None:
    reading, keys = read("，".join(f"新增停车位{at}个" for at in range(1, 2_000)))
    quotes = mention_tables([("d1", reading, keys)]).quantities.table["quote"].to_pylist()
    assert max(map(len, quotes)) <= QUOTE + 2
    assert all(f"{at}个" in quote for at, quote in enumerate(quotes, 1))


NUMBERS = Table(
    "numbers", Bilingual("数", "Numbers"), Bilingual("数", "Numbers"),
    (Column("value", "decimal", Bilingual("数", "Value"), Bilingual("数", "Value")),), key=(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("0.66666666666666666666", "0.6666666667"),
        ("0.123456789012345", "0.1234567890"),
        ("9999999999999999999999999999999999999999", None),
        ("1E+999", None),
        ("-1E-20", "0"),
        ("NaN", None),
        ("9E+30", None),
        ("9.99E+3", "9990"),
    ],
)
def test_a_value_that_does_not_fit_is_named(value: str, kept: str | None) -> None:
    expected = None if kept is None else Decimal(kept)
    made = table_of_rows(NUMBERS, [(Decimal(5),), (Decimal(value),)])
    assert made.table["value"].to_pylist() == [Decimal(5), expected]
    fits = expected is not None and Decimal(value) == expected
    assert [(m.row, m.column, str(m.value), m.kept) for m in made.inexact] == (
        [] if fits else [(1, "value", value, expected)]
    )


@settings(deadline=None)
@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_every_decimal_is_kept_or_named(value: Decimal) -> None:
    made = table_of_rows(NUMBERS, [(value,)])
    held = made.table["value"][0].as_py()
    assert bool(made.inexact) == (held is None or held != value)
    assert held == nearest_decimal(value)


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    column = Column("text", "string", Bilingual("文", "Text"), Bilingual("文", "Text"))
    table = Table("texts", Bilingual("文", "Texts"), Bilingual("文", "Texts"), (column,), key=())
    made = table_of_rows(table, [("甲\ud800乙",), ("𠮷",)])
    assert made.table["text"].to_pylist() == ["甲\ufffd乙", "𠮷"]


def test_no_rows_make_an_empty_table_of_the_same_schema() -> None:
    for table in DECLARED.values():
        made = table_of_rows(table, []).table
        assert isinstance(made, pa.Table)
        assert made.schema == table.schema()
        assert made.num_rows == 0
