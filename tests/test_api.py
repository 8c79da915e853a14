"""The library: light to import, what it promises in its documents, and the columns of its frames."""

from __future__ import annotations

import doctest
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from offices import MORE, NEWS, docx

import pipeline
from pipeline import api
from pipeline.commands.extract import FIELDS


def test_importing_it_loads_nothing_and_reading_a_text_nothing_heavy() -> None:
    code = (
        "import sys; before = set(sys.modules); import pipeline\n"
        "assert not {m for m in set(sys.modules) - before if m.startswith('pipeline.')}\n"
        "pipeline.equations('487个小区，89个完成，398个未完成。')\n"
        "heavy = {'prefect', 'great_expectations', 'pandas', 'pyarrow', 'duckdb', 'lxml', 'trafilatura'}\n"
        "print(*heavy & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


@pytest.mark.parametrize("module", [pipeline, api], ids=["pipeline", "pipeline.api"])
def test_its_docstrings_hold(module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = doctest.testmod(module, extraglobs={"Decimal": Decimal})
    assert (result.failed, result.attempted > 0) == (0, True)


def test_its_page_holds(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = doctest.testfile(str(root / "docs" / "library.md"), module_relative=False, encoding="utf-8")
    assert (result.failed, result.attempted > 8) == (0, True)


def test_every_public_name_is_there_and_no_other() -> None:
    assert all(getattr(pipeline, name) for name in pipeline.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'figure'"):
        pipeline.figure  # noqa: B018


def test_its_columns_are_those_of_the_commands() -> None:
    assert ("file", *api.FIGURE_COLUMNS, "rule") == FIELDS


def test_articles_of_any_format_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(docx(NEWS, title="二月"))
    (article,) = pipeline.articles(tmp_path / "a.docx")
    assert (article.text, article.fields) == (f"二月\n{NEWS}", {"title": "二月"})


def test_what_a_folder_cannot_give_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(MORE, encoding="utf-8")
    (tmp_path / "b.doc").write_bytes(b"x")
    (tmp_path / "c.txt").write_text(MORE, encoding="utf-8")
    assert [d.source.status for d in pipeline.folder(tmp_path)] == ["read", "quarantined", "duplicate"]
    assert pipeline.frame(pipeline.folder(tmp_path))["text"].tolist() == ["70万平方米", "487个"]
    with pytest.raises(pipeline.WenshuError, match="no such folder"):
        list(pipeline.folder(tmp_path / "none"))


def test_nothing_gives_an_empty_frame_with_its_columns() -> None:
    assert list(pipeline.frame([]).columns) == list(api.FIGURE_COLUMNS)
