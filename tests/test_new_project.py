"""A project begun elsewhere: what `wenshu init` writes, and what `wenshu doctor` finds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.catalog_files import extends_packaged
from pipeline.cli import main
from pipeline.decisions.loading import load_decisions
from pipeline.project import load_project
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.texts.source import read_sources

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> Path:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    assert main(["init", "town"]) == 0
    capsys.readouterr()
    return tmp_path / "town"


def doctor(town: Path, capsys: Captured) -> list[str]:
    """What is found: nothing exactly where the exit code is 0."""
    code = main(["doctor", "--config", str(town)])
    lines = capsys.readouterr().out.splitlines()
    assert (code == 0) == (lines == ["nothing is missing or odd"])
    return lines if code else []


def test_a_new_project_is_sound_and_its_catalog_stands_over_the_packaged_one(town, capsys):
    project = load_project(town)
    assert (project.raw, project.catalog) == (town / "raw", town / "catalog")
    assert extends_packaged(project.catalog)
    assert {"shared_gardens_built", "renovation_planned"} <= load_catalog(project.catalog).indicators.keys()
    assert load_decisions(project.decisions) == ()
    (source,) = read_sources(project.raw)
    assert (source.status, source.reason, source.region) == ("read", None, "郑州市中原区")
    assert (town / ".gitignore").read_text() == "output/\n"
    assert doctor(town, capsys) == []


@pytest.mark.parametrize(("locale", "word"), [("zh_CN.UTF-8", "升级"), ("C.UTF-8", "Upgrading")])
def test_it_speaks_the_users_language(tmp_path, monkeypatch, capsys, locale, word):
    monkeypatch.setenv("LC_ALL", locale)
    assert main(["init", str(tmp_path / "town")]) == 0
    assert word in (tmp_path / "town" / "README.md").read_text(encoding="utf-8")


def test_every_setting_in_it_is_one_and_says_its_default(town):
    lines = (town / "wenshu.toml").read_text(encoding="utf-8").splitlines()
    set_ = [line.removeprefix("# ") if " = " in line else line for line in lines]
    wanted = (
        "publisher",
        "ocr",
        "command",
        "to =",
        "processes",
    )  # they have no default that could be written
    (town / "wenshu.toml").write_text(
        "\n".join(line for line in set_ if not line.startswith(wanted)), encoding="utf-8"
    )
    said = load_project(town)
    (town / "wenshu.toml").unlink()
    assert said == load_project(town)
    (town / "wenshu.toml").write_text("\n".join(set_), encoding="utf-8")
    assert load_project(town).ocr == ("ocr-command", "-")


def test_what_is_there_is_never_written_over(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("12")
    assert main(["init", str(tmp_path)]) == 2
    assert (
        capsys.readouterr().err == f"wenshu: {tmp_path}: is not empty; name a new folder, or an empty one\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert main(["init", str(tmp_path / "notes.txt")]) == 2


def test_the_doctor_names_files_that_will_not_be_read_and_fields_that_are_wrong(town, capsys):
    (town / "raw" / "报送.doc").write_bytes(b"x")
    (town / "raw" / "example.yaml").write_text("isued: 2026-03-05\n")
    first, second = doctor(town, capsys)
    assert first.startswith("example.txt: its sidecar example.yaml:1: isued")
    assert second.startswith("报送.doc: is a text document (.doc), which is not read; save it as .docx")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "wenshu.toml",
            "[paths]\nraws = 1\n",
            "no setting is called paths.raws; did you mean paths.raw?",
        ),
        ("wenshu.toml", '[notify]\ncommand = ["no-such-mail"]\n', "there is no command no-such-mail"),
        ("wenshu.toml", '[read]\nocr = ["no-such-ocr"]\n', "[read] ocr: there is no command no-such-ocr"),
        ("catalog/catalog.yaml", "extends: others\n", "extends: wenshu; write that, or delete it"),
        ("catalog/indicators/own.yaml", "indicators:\n  - id: X\n", "own.yaml:2: indicators[0]"),
        ("decisions/a.yaml", "- 1\n", "decisions/a.yaml:1:"),
    ],
)
def test_the_doctor_names_what_is_wrong(town, capsys, name, text, said):
    (town / name).write_text(text, encoding="utf-8")
    (line,) = doctor(town, capsys)
    assert said in line


def test_the_doctor_says_where_there_are_no_articles_and_where_there_is_no_project(town, tmp_path, capsys):
    for path in (town / "raw").iterdir():
        path.unlink()
    assert [line.partition(": ")[2] for line in doctor(town, capsys)] == ["holds no article; put some there"]
    (tmp_path / "other").mkdir()
    assert "is no project; make one with wenshu init FOLDER" in doctor(tmp_path / "other", capsys)[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_the_doctor_says_that_output_cannot_be_written(town, capsys):
    (town / "output").mkdir(mode=0o500)
    assert "cannot be written" in doctor(town, capsys)[0]
