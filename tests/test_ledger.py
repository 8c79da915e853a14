"""What a release takes over from the last one: every byte as if it were made anew, and little made."""

from __future__ import annotations

import random
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from handmade import document, quantity, released, rows, small

from pipeline.night.store import Store
from pipeline.releases import books
from pipeline.releases.changes import compare
from pipeline.releases.writers import csv, parquet, sections, workbook
from pipeline.releases.writers.sections import Seam, differing
from pipeline.tables import TABLES

Corpus = dict[str, list[dict[str, Any]]]

QUANTITIES = TABLES["quantities"]


@pytest.fixture
def fine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sections of a few rows, sheets of a few sections, and a DuckDB file that is amended whatever is new."""
    monkeypatch.setattr(sections, "LEAST", 3)
    monkeypatch.setattr(sections, "MOST", 9)
    monkeypatch.setattr(sections, "_ENDING", "0$")
    monkeypatch.setattr(sections, "_RANGES", 3)
    monkeypatch.setattr(parquet, "GROUP", 12)
    monkeypatch.setattr(workbook, "ROWS", 25)
    monkeypatch.setattr(books, "_LITTLE", 1)


def name_of(number: int) -> str:
    return f"d{blake2b(b'%d' % number, digest_size=6).hexdigest()}"


def article(number: int, chance: random.Random) -> list[dict[str, Any]]:
    """The quantities of a made-up document."""
    name = name_of(number)
    return [
        quantity(n, chance.randrange(1000), quantity_id=f"q{name[1:]}{n}", document_id=name)
        for n in range(chance.randrange(5))
    ]


def tables(corpus: Corpus) -> dict[str, pa.Table]:
    """The tables of a release of these documents."""
    lines = [line for name in sorted(corpus) for line in corpus[name]]
    told = [document(name, sha256=f"{len(corpus[name]):064}") for name in sorted(corpus)]
    return small(*lines, documents=told)


def night(corpus: Corpus, fresh: int, chance: random.Random) -> Corpus:
    """The corpus of the next night: an article comes, one goes, one is told otherwise."""
    after = dict(corpus)
    name = name_of(fresh)
    after[name] = article(fresh, chance)
    if chance.random() < 0.5:
        del after[chance.choice(sorted(after))]
    told = chance.choice(sorted(after))
    if chance.random() < 0.5:
        after[told] = [{**line, "value": Decimal(chance.randrange(9))} for line in after[told]]
    elif chance.random() < 0.5:
        after[told] = [
            {**line, "start": line["start"] + 1, "text": "=1&amp; ,"} for line in after[told][::-1][:2][::-1]
        ]
    return after


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def in_database(path: Path, table: str) -> list[Any]:
    with duckdb.connect(str(path), read_only=True) as database:
        return database.execute(f'SELECT * FROM "{table}" ORDER BY ALL').fetchall()


def in_parquet(path: Path) -> list[Any]:
    with duckdb.connect() as database:
        return database.execute("SELECT * FROM read_parquet(?) ORDER BY ALL", [str(path)]).fetchall()


def same_nights(folder: Path, seed: int, nights: int) -> None:
    """Nights that take over what they can, and nights that make everything, come to the same releases."""
    chance = random.Random(seed)
    corpus = {name_of(n): article(n, chance) for n in range(40)}
    store = Store(folder / "store.sqlite")
    for number in range(nights):
        if number:
            corpus = night(corpus, 100 + number, chance)
        said = tables(corpus)
        taking = released(folder / "taking", said, notes=store, rules=f"r{number // 3}")
        making = released(folder / "making", said, rules=f"r{number // 3}")
        assert taking.changes == making.changes
        assert files(taking.folder) == files(making.folder)
        database = taking.folder.with_name(f"{taking.version}.duckdb")
        for path in (taking.folder / "data").glob("*.parquet"):
            assert in_database(database, path.stem) == in_parquet(path)
    store.close()


@pytest.mark.usefixtures("fine")
def test_what_is_taken_over_is_what_would_be_made(tmp_path: Path) -> None:
    same_nights(tmp_path, seed=7, nights=3)


@pytest.mark.soak
@pytest.mark.usefixtures("fine")
@pytest.mark.parametrize("seed", range(8))
def test_what_is_taken_over_is_what_would_be_made_over_many_nights(tmp_path: Path, seed: int) -> None:
    same_nights(tmp_path, seed, nights=9)


@pytest.mark.usefixtures("fine")
def test_only_sections_with_new_rows_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(1)
    corpus = {name_of(n): article(n, chance) for n in range(60)}
    store = Store(tmp_path / "store.sqlite")
    released(tmp_path, tables(corpus), notes=store)
    made: list[str] = []
    lines = csv._lines

    def counted(table: Any, batch: pa.RecordBatch) -> Any:
        made.append(table.name)
        return lines(table, batch)

    monkeypatch.setattr(csv, "_lines", counted)
    corpus[name_of(99)] = [quantity(0, 5, quantity_id="qnew", document_id=name_of(99))]
    released(tmp_path, tables(corpus), notes=store)
    assert 0 < made.count("quantities") <= 4
    assert 0 < made.count("documents") <= 4
    assert len(list(sections.cut(QUANTITIES, tables(corpus)["quantities"]))) > 8
    assert "indicators" not in made
    store.close()


@pytest.mark.usefixtures("fine")
@pytest.mark.parametrize("name", ["data/quantities.csv", "wenshu.xlsx"])
def test_an_altered_file_is_not_taken_over(tmp_path: Path, name: str) -> None:
    chance = random.Random(2)
    corpus = {name_of(n): article(n, chance) for n in range(30)}
    after = night(corpus, 99, chance)
    store = Store(tmp_path / "store.sqlite")
    first = released(tmp_path / "taking", tables(corpus), notes=store)
    released(tmp_path / "making", tables(corpus))
    content = bytearray((first.folder / name).read_bytes())
    for at in range(500, len(content), 97):
        content[at] ^= 1
    (first.folder / name).write_bytes(content)
    taking = released(tmp_path / "taking", tables(after), notes=store)
    making = released(tmp_path / "making", tables(after))
    assert files(taking.folder) == files(making.folder)
    store.close()


@pytest.mark.usefixtures("fine")
def test_an_altered_database_is_made_anew(tmp_path: Path) -> None:
    chance = random.Random(3)
    corpus = {name_of(n): article(n, chance) for n in range(30)}
    store = Store(tmp_path / "store.sqlite")
    first = released(tmp_path, tables(corpus), notes=store)
    with duckdb.connect(str(first.folder.with_name(f"{first.version}.duckdb"))) as database:
        database.execute("DELETE FROM quantities; DROP VIEW sentences")
    after = released(tmp_path, tables(night(corpus, 99, chance)), notes=store)
    database_file = after.folder.with_name(f"{after.version}.duckdb")
    kept = pq.read_table(after.folder / "data" / "quantities.parquet").num_rows
    assert len(in_database(database_file, "quantities")) == kept
    assert len(in_database(database_file, "sentences")) == kept
    store.close()


def test_notes_of_another_release_are_not_used(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.sqlite")
    released(tmp_path / "a", small(quantity(0, 1)), notes=store)
    for output in (tmp_path / "b", tmp_path / "c"):
        released(output, small(quantity(0, 2)))
    mixed = released(tmp_path / "b", small(quantity(0, 3)), notes=store)
    plain = released(tmp_path / "c", small(quantity(0, 3)))
    assert files(mixed.folder) == files(plain.folder)
    store.close()


@pytest.mark.usefixtures("fine")
def test_changes_are_those_of_a_whole_comparison(tmp_path: Path) -> None:
    chance = random.Random(4)
    corpus = {name_of(n): article(n, chance) for n in range(40)}
    store = Store(tmp_path / "store.sqlite")
    first = released(tmp_path, tables(corpus), notes=store)
    second = released(tmp_path, tables(night(night(corpus, 98, chance), 99, chance)), notes=store)
    with compare(first.folder, second.folder) as batches:
        whole = [row for batch in batches for row in batch.to_pylist()]
    assert whole
    assert pq.read_table(second.folder / "data" / "changes.parquet").to_pylist() == whole
    store.close()


def seam(key: str, first: str | None = None, last: str | None = None) -> Seam:
    return Seam(1, key, first, last)


@pytest.mark.parametrize(
    ("old", "new", "ranges"),
    [
        ([seam("a", "d1", "d2")], [seam("a", "d1", "d2")], []),
        ([seam("a", "d1", "d2")], [seam("b", "d1", "d3")], [("d1", "d3")]),
        ([seam("a", "d1", "d2"), seam("b", "d3", "d4")], [seam("a", "d1", "d2")], [("d3", "d4")]),
        ([seam("a", "d1", "d2"), seam("b", "d2", "d4")], [seam("c", "d1", "d2")], [("d1", "d4")]),
        ([seam("a")], [seam("b")], None),
        ([seam("a")], [seam("a")], []),
        ([], [], []),
        (None, [seam("a", "d1", "d2")], None),
    ],
)
def test_documents_whose_rows_may_differ(old: Any, new: Any, ranges: Any) -> None:
    assert differing(old, new) == ranges


def test_sections_stay_where_rows_come_and_go() -> None:
    """Of some ten thousand rows, most sections are as they were, wherever an article is put among them."""
    lines = [
        quantity(n, 1, quantity_id=f"q{document}{n}", document_id=name_of(document))
        for document in range(1_500)
        for n in range(7)
    ]
    whole = rows(QUANTITIES, *lines)
    before = {section.seam.key for section in sections.cut(QUANTITIES, whole)}
    assert len(before) > 3
    for fresh in (5_001, 5_002, 5_003):
        more = [quantity(n, 2, quantity_id=f"qx{n}", document_id=name_of(fresh)) for n in range(9)]
        after = sections.cut(QUANTITIES, pa.concat_tables([whole, rows(QUANTITIES, *more)]))
        assert len({section.seam.key for section in after} - before) <= 2


def test_sections_do_not_depend_on_the_batches_that_rows_come_in() -> None:
    lines = [
        quantity(n, 1, quantity_id=f"q{document}{n}", document_id=document)
        for document in sorted(map(name_of, range(900)))
        for n in range(7)
    ]
    whole = rows(QUANTITIES, *lines)
    cuts = [
        [section.seam for section in sections.cut(QUANTITIES, whole.to_batches(size))]
        for size in (len(whole), 1_000, 77)
    ]
    assert len(cuts[0]) > 1
    assert cuts[0] == cuts[1] == cuts[2]
