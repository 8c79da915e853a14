"""What a night reads and what it keeps: nothing is lost, nothing stale is used, nothing is read in vain."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from reading import CATALOG, SENTENCES, fresh, quiet, write

from pipeline.decisions.active import ActiveDecisions, active_decisions
from pipeline.decisions.decision import Decision
from pipeline.night.cache import articles as cached_articles
from pipeline.night.cache.article_state import Keys, PreviousReading, state
from pipeline.night.cache.articles import CachedArticles, update_cache
from pipeline.night.cache.database import Cache
from pipeline.night.cache.shards import Shard, divide
from pipeline.night.read_corpus import CorpusReading, read_corpus
from pipeline.night.reader import Reader
from pipeline.settings import ReadOptions
from pipeline.texts.source import document_id, find_sources


def night(
    cache: Cache,
    raw: Path,
    decisions: ActiveDecisions | None = None,
    catalog: Path = CATALOG,
    code: str = "1",
) -> CorpusReading:
    """What a night reads."""
    decisions, log = decisions or ActiveDecisions(), {}
    articles = update_cache(cache, raw, find_sources(raw), code, decisions, log, quiet)
    return read_corpus(articles, Reader.of(catalog, decisions), code=code, tick=quiet, processes=1)


def update(cache: Cache, raw: Path) -> CachedArticles:
    return update_cache(cache, raw, find_sources(raw), "1", ActiveDecisions(), {}, quiet)


def said(found: CorpusReading) -> tuple[object, ...]:
    """All that the stages after it see, as far as it depends on texts."""
    tables = {name: table.to_pylist() for name, table in found.tables.items()}
    return tables, found.claims, found.doubts, found.misfits


def anew(found: CorpusReading) -> int:
    """How many articles were not kept as they were."""
    return sum(number for todo, number in found.states.items() if todo != "keep")


NAMES = st.sampled_from(["a.txt", "b.txt", "c/d.txt", "e.txt.gz", "f.jsonl", "g.jsonl.gz"])
TEXTS = st.lists(st.sampled_from(SENTENCES), max_size=3).map("".join)
STEPS = st.one_of(
    st.tuples(st.just("write"), NAMES, TEXTS),
    st.tuples(st.just("delete"), NAMES),
    st.tuples(st.just("rename"), NAMES, NAMES),
    st.tuples(st.just("catalog"), st.booleans()),
    st.tuples(st.just("decide"), st.integers(0, 4)),
)


@settings(deadline=None, max_examples=3, phases=[Phase.explicit, Phase.reuse, Phase.generate],
          suppress_health_check=list(HealthCheck))  # fmt: skip
@example([[("write", "c/d.txt", "")], [("delete", "c/d.txt")]])
@given(st.lists(st.lists(STEPS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_nights_of_any_history_end_in_what_reading_everything_gives(tmp_path_factory, nights):
    home = tmp_path_factory.mktemp("history")
    raw, catalogs, cache = home / "raw", {True: CATALOG, False: smaller_catalog(home)}, fresh()
    write(raw, z=SENTENCES[1])
    catalog, decisions = CATALOG, ActiveDecisions()
    for steps in nights:
        for step, *rest in steps:
            if step == "catalog":
                catalog = catalogs[rest[0]]
            elif step == "decide":
                decisions = deciding(night(fresh(), raw), rest[0])
            else:
                change(raw, step, *rest)
        found = night(cache, raw, decisions, catalog)
        anew = night(fresh(), raw, decisions, catalog)
        assert said(found) == said(anew)
        assert found.log == anew.log


def test_a_dropped_equation_is_left_out_and_taken_in_again(raw):
    cache = fresh()
    before = night(cache, raw)
    decisions = deciding(before, 0)
    ((kind, target),) = decisions.by_target
    assert kind == "relation"
    for _ in range(2):
        found = night(cache, raw, decisions)
        assert target not in found.tables["relations"]["relation_id"].to_pylist()
        assert (list(found.log.values()), anew(found)) == ([None], 1)
    assert said(night(cache, raw)) == said(before)


def test_nights_that_change_nothing_read_nothing(raw):
    cache = fresh()
    first, second = night(cache, raw), night(cache, raw)
    assert (anew(first), anew(second)) == (3, 0)
    assert said(first) == said(second)


def test_another_indicator_extracts_nothing_anew(raw, tmp_path, monkeypatch):
    cache = fresh()
    night(cache, raw)
    monkeypatch.setattr("pipeline.frames.reading.extract", lambda text, _: pytest.fail(f"read again: {text}"))
    found = night(cache, raw, catalog=smaller_catalog(tmp_path))
    monkeypatch.undo()
    assert found.states == {"rematch": 3}
    assert said(found) == said(night(fresh(), raw, catalog=smaller_catalog(tmp_path)))


def test_other_code_reads_everything(raw):
    cache = fresh()
    night(cache, raw)
    assert night(cache, raw, code="2").states == {"reread": 3}


def test_a_figure_said_again_has_a_row_that_names_its_mentions(raw):
    write(raw, r="全区改造老旧小区487个。区住建局介绍，这487个老旧小区涉及居民6.5万人。")
    found = night(fresh(), raw)
    (row,) = found.tables["repeats"].to_pylist()
    assert (row["value"], row["unit"], row["mentions"]) == (487, "个", 2)
    quantities = {one["quantity_id"]: one["text"] for one in found.tables["quantities"].to_pylist()}
    assert [quantities[name] for name in row["quantity_ids"].split()] == ["487个", "487个"]
    assert "repeat" not in found.tables["relations"]["relation"].to_pylist()


def test_what_no_night_refers_to_is_forgotten(raw):
    cache = fresh()
    night(cache, raw)
    for path in list(raw.iterdir()):
        path.rename(path.with_name(f"new-{path.name}"))
    night(cache, raw)
    assert len(cache.statuses()) == 3
    assert {entry.path for entry in cache.articles()} == {b"new-a.txt", b"new-b.txt", b"new-c.txt"}


def test_of_two_texts_that_are_one_the_first_by_path_counts(raw):
    cache = fresh()
    write(raw, d=SENTENCES[0])
    status = dict(
        zip(
            *(night(cache, raw).tables["documents"][n].to_pylist() for n in ("path", "status")),
            strict=True,
        )
    )
    assert (status["a.txt"], status["d.txt"]) == ("read", "duplicate")
    (raw / "a.txt").unlink()
    documents = night(cache, raw).tables["documents"].to_pylist()
    assert {row["path"]: row["status"] for row in documents}["d.txt"] == "read"


def smaller_catalog(home: Path) -> Path:
    """The catalog without the programme's indicators."""
    folder = home / "smaller"
    if not folder.exists():
        shutil.copytree(CATALOG, folder, ignore=shutil.ignore_patterns("renovation.yaml"))
    return folder


def deciding(found: CorpusReading, number: int) -> ActiveDecisions:
    """A decisions that drops one of the equations or quantities found, or decides nothing."""
    rows = [
        (kind, name)
        for kind, table in (("relation", "relations"), ("quantity", "quantities"))
        for name in found.tables[table][f"{kind}_id"].to_pylist()
    ]
    if number >= len(rows):
        return ActiveDecisions()
    kind, target = rows[number]
    decision = Decision(
        kind=kind, target=target, action="drop", expect={}, reason="重复",
        officer="甲", date=date(2026, 11, 1),
    )  # fmt: skip
    return active_decisions([decision], date(2026, 11, 22))


def change(raw: Path, step: str, name: str, more: str = "") -> None:
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if step == "delete":
        path.unlink(missing_ok=True)
    elif step == "rename":
        if path.exists() and path.suffixes == Path(more).suffixes:
            (raw / more).parent.mkdir(parents=True, exist_ok=True)
            path.replace(raw / more)
    else:
        lines = [json.dumps({"id": n % 3, "text": text}) for n, text in enumerate(more.split("。"))]
        content = ("\n".join(lines) if "jsonl" in name else more).encode()
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)


def test_files_that_did_not_change_are_not_opened_again(raw, monkeypatch):
    cache = fresh()
    night(cache, raw)
    monkeypatch.setattr("pipeline.night.cache.articles.read_file", lambda *_, **__: pytest.fail("opened"))
    assert update(cache, raw).counts == {"read": 3}


def test_files_that_could_not_be_read_are_tried_again(raw, monkeypatch):
    cache = fresh()
    (raw / "a.txt").write_bytes(b"")
    articles = update(cache, raw)
    assert articles.counts["quarantined"] == 1
    assert b"a.txt" not in cache.signatures()
    assert b"b.txt" in cache.signatures()


def test_files_that_change_while_they_are_read_are_named_and_read_again(raw, monkeypatch):

    def written_to(path: Path, below: Path, options: ReadOptions) -> Iterator[object]:
        yield from real(path, below, options)
        if path.name == "b.txt":
            path.write_text(SENTENCES[4], encoding="utf-8")

    real, cache = cached_articles.read_file, fresh()
    monkeypatch.setattr(cached_articles, "read_file", written_to)
    assert update(cache, raw).changing == ("b.txt",)
    monkeypatch.undo()
    assert said(night(cache, raw)) == said(night(fresh(), raw))


def test_files_with_an_id_twice_keep_both_articles(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": 1, "text": "共12个"}\n{"id": 1, "text": "共13个"}\n')
    rows = night(fresh(), tmp_path).tables["documents"].to_pylist()
    assert sorted(row["status"] for row in rows) == ["quarantined", "read"]
    assert any("the id 1 stands twice in its file" in (row["reason"] or "") for row in rows)


@given(st.integers(0, 2_000_000), st.integers(0, 14))
def test_shards_tile_all_ids(documents, before):
    shards = list(divide(documents, before))
    assert (shards[0].first, shards[-1].end) == ("d000000000000", "e")
    assert all(one.end == other.first for one, other in pairwise(shards))


@given(st.text(), st.integers(0, 12))
def test_shards_hold_every_document_once(path, bits):
    name = document_id(path)
    shards = [Shard(bits, number) for number in range(1 << bits)]
    assert sum(shard.first <= name < shard.end for shard in shards) == 1


def test_shards_divided_anew_read_nothing_again(raw, monkeypatch):
    cache = fresh()
    first = night(cache, raw)
    monkeypatch.setattr("pipeline.night.cache.shards._USUAL", 1)
    monkeypatch.setattr("pipeline.night.cache.shards._MOST", 2)
    monkeypatch.setattr("pipeline.frames.reading.extract", lambda text, _: pytest.fail(f"read again: {text}"))
    second = night(cache, raw)
    assert len(cache.shards.keys()) > 1
    assert said(first) == said(second)


READ, CATALOG_NOW = b"text and code", b"catalog"


@pytest.mark.parametrize(
    ("was", "expected"),
    [
        (None, "reread"),
        (PreviousReading(Keys(READ, CATALOG_NOW), has_mentions=True, decided=False), "keep"),
        (PreviousReading(Keys(READ, CATALOG_NOW), has_mentions=True, decided=True), "rematch"),
        (PreviousReading(Keys(READ, b"before"), has_mentions=True, decided=False), "rematch"),
        (PreviousReading(Keys(b"before", CATALOG_NOW), has_mentions=True, decided=False), "reread"),
        (PreviousReading(Keys(b"", CATALOG_NOW), has_mentions=False, decided=False), "reread"),
        (PreviousReading(Keys(READ, CATALOG_NOW), has_mentions=False, decided=False), "keep"),
        (PreviousReading(Keys(READ, b"before"), has_mentions=False, decided=False), "reread"),
    ],
    ids=[
        "new",
        "same",
        "decided",
        "other catalog",
        "other text",
        "a duplicate no more",
        "quarantined",
        "again",
    ],
)
def test_an_article_is_kept_rematched_or_reread(was: PreviousReading | None, expected: str) -> None:
    assert state(was, Keys(READ, CATALOG_NOW)) == expected
