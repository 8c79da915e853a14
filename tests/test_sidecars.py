"""Sidecars: read as people write them; a mistake costs its field, never the text."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.texts.fields import NAMES, read_date, read_fields
from pipeline.texts.source import Source, find_sources, read_sources

NEWS = "2020年7月8日 星期三\n\n全市完成投资12.5亿元，同比增长8%。\n"
SIDECAR = """\
title: 中原区委坚持党建引领
publisher: 某报
issued: 2020-07-09
region: "410102"
page: M04
url: https://example.org/a?b=1
licence: CC-BY-4.0
example: true
"""


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    return tmp_path / "raw"


def with_sidecar(raw: Path, sidecar: str | bytes) -> Source:
    (raw / "a.txt").write_text(NEWS, encoding="utf-8")
    (raw / "a.yaml").write_bytes(sidecar if isinstance(sidecar, bytes) else sidecar.encode())
    (source,) = read_sources(raw)
    return source


def test_say_what_the_text_does_not(raw):
    source = with_sidecar(raw, SIDECAR)
    assert (source.status, source.reason, source.issued) == ("read", None, date(2020, 7, 9))
    assert source.title == "中原区委坚持党建引领"
    assert (source.publisher, source.region, source.page) == ("某报", "410102", "M04")
    assert (source.url, source.licence, source.example) == ("https://example.org/a?b=1", "CC-BY-4.0", True)


def test_leave_the_masthead_to_say_the_rest(raw):
    source = with_sidecar(raw, "title: 标题\n")
    assert (source.title, source.issued, source.page) == ("标题", date(2020, 7, 8), None)


@pytest.mark.parametrize(
    ("sidecar", "known"),
    [
        ("region: 410102\npage: 3\n", {"region": "410102", "page": "3"}),
        ("region: 010102\npage: 03\n", {"region": "010102", "page": "03"}),
        ("标题: 投资增长\n发布日期: 2026年11月2日\n地区: 郑州市\n来源: 某报\n版面: 3\n",
         {"title": "投资增长", "issued": date(2026, 11, 2), "region": "郑州市", "publisher": "某报",
          "page": "3"}),
        ("标题：投资增长\n发布日期：2026-11-02\n", {"title": "投资增长", "issued": date(2026, 11, 2)}),
        ("title: 二月：数据: 一览\n\n# 备注\nissued: 2026-03-05\n",
         {"title": "二月：数据: 一览", "issued": date(2026, 3, 5)}),
        ("标题：甲：乙\n地区: 530423\n版面：03\n", {"title": "甲：乙", "region": "530423", "page": "03"}),
        ("Title: 甲\nDATE: 20261102\n", {"title": "甲", "issued": date(2026, 11, 2)}),
        ("title: 2026\n", {"title": "2026"}),
        ("示例: 是\n", {"example": True}),
        ("title:\nissued: 2026/11/2\n", {"title": None, "issued": date(2026, 11, 2)}),
        ("来源：郑州市统计局\n".encode("gb18030"), {"publisher": "郑州市统计局"}),
        ("\ufefftitle: 甲\r\n", {"title": "甲"}),
    ],
)  # fmt: skip
def test_are_read_as_people_write_them(raw, sidecar, known: dict[str, Any]):
    source = with_sidecar(raw, sidecar)
    assert (source.status, source.reason) == ("read", None)
    assert {name: getattr(source, name) for name in known} == known


@pytest.mark.parametrize(
    ("sidecar", "known", "reason"),
    [
        ("title: 甲\nisued: 2020-07-08\n", {"title": "甲"},
         "a.yaml:2: isued: no field is called so; did you mean issued"),
        ("title: 甲\n\nissued: 2020-13-08\n", {"title": "甲"},
         "a.yaml:3: issued: '2020-13-08' is left out; give a day"),
        ("issued: 8 July 2020\npage: A1\n", {"page": "A1"}, "a.yaml:1: issued:"),
        ("url: javascript:alert(1)\ntitle: 甲\n", {"title": "甲", "url": None}, "a.yaml:1: url:"),
        ("example: 大概\ntitle: 甲\n", {"title": "甲", "example": False}, "a.yaml:1: example:"),
        ("title: 二月：数据: 一览\n乱写\n", {"title": "二月：数据: 一览"}, "a.yaml:1: is not YAML"),
        ("来原: 某报\n", {}, "来原: no field is called so; did you mean 来源"),
        ("title: 甲\n- x\n", {"title": "甲"}, "a.yaml:2: is not YAML"),
        ("- title\n", {}, "a.yaml says nothing; write a field and its value a line"),
        ("title: !!python/object/apply:os.system [x]\npage: A1\n", {"page": "A1"},
         "a.yaml:1: title: the tag"),
        ("title: &a x\nregion: *a\n", {}, "a.yaml:1: &a: anchors and aliases are not read"),
        ("title: [甲, 乙]\npage: A1\n", {"title": None, "page": "A1"}, "a.yaml:1: title:"),
        ("标题: 郑州市\n".encode() + b"\xff\n", {"title": "郑州市"}, "is not UTF-8"),
    ],
)  # fmt: skip
def test_a_mistake_costs_its_field_and_is_said(raw, sidecar, known: dict[str, Any], reason):
    source = with_sidecar(raw, sidecar)
    assert source.status == "read"
    assert {name: getattr(source, name) for name in known} == known
    assert reason in source.reason
    assert str(raw) not in source.reason


def test_an_example_stays_one_whatever_else_is_wrong(raw):
    (raw / "examples").mkdir()
    for name in ("a", "b"):
        (raw / "examples" / f"{name}.txt").write_text(NEWS, encoding="utf-8")
    (raw / "examples" / "a.yaml").write_text("title: 甲: 乙\nexample: true\n", encoding="utf-8")
    assert [path.name for path in find_sources(raw)] == ["b.txt"]


def test_may_not_be_symlinks(raw, tmp_path):
    (tmp_path / "secret.yaml").write_text("title: 机密\n", encoding="utf-8")
    (raw / "a.txt").write_text(NEWS, encoding="utf-8")
    (raw / "a.yaml").symlink_to(tmp_path / "secret.yaml")
    (source,) = read_sources(raw)
    assert (source.status, source.title) == ("read", None)
    assert "a.yaml is a symlink, and not read" in source.reason


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-02", "2026/11/2", "2026.11.02", "20261102", "2026年11月2日", "２０２６年１１月２日",
        "二〇二六年十一月二日", "2026 年 11 月 2 日", "2026-11-02 10:00", "2026-11-02T10:00:00+08:00",
        20261102, date(2026, 11, 2),
    ],
)  # fmt: skip
def test_a_date_is_read_in_any_usual_form(written):
    assert read_date(written) == date(2026, 11, 2)


@pytest.mark.parametrize(
    "written", ["", "8 July", "2026", "2026-13-02", "二〇二六年十三月二日", "202611020", True, 2.5, None]
)
def test_what_is_no_date_is_none(written):
    with pytest.raises((ValueError, TypeError)):
        read_date(written)


@given(
    st.dictionaries(
        st.sampled_from(sorted(NAMES)) | st.text(max_size=9), st.text(max_size=30) | st.integers()
    )
)
def test_nothing_raises_and_all_is_used_or_said(said):
    known, faults = read_fields(said.items())
    assert len(faults) <= len(said)
    assert all(value not in ("", None) for value in known.values())
