"""What the documents point at is there, and the two READMEs say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.commands import COMMANDS

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "benchmarks/*/README.md", "catalog/*/README.md")
    for path in ROOT.glob(pattern)
)
PACKAGES = {"extraction": ("numbers", "texts"), "frames": ("frames",), "relations": ("relations",)}
"""Documents with a table of modules, and the packages that these are in."""
FOLDERS = ("src", "flows", "tests", "docs", "benchmarks")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code(document: str) -> set[str]:
    """What stands between backticks, blocks of code apart."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text(document), flags=re.S | re.M)))


def anchors(document: str) -> set[str]:
    """The names by which a document's headings are linked to."""
    heads = re.findall(r"^#+ (.+)$", text(document), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_within_the_documents_leads_somewhere(document: str) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text(document)):
        name, _, anchor = link.partition("#")
        target = (ROOT / document).parent / name if name else ROOT / document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.resolve().relative_to(ROOT).as_posix()), link


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_of_the_repository_that_a_document_names_is_there(document: str) -> None:
    for name in code(document):
        if re.fullmatch(rf"(?:{'|'.join(FOLDERS)})/[\w./*-]*", name):
            assert [*ROOT.glob(name.rstrip("/"))], name
        elif re.fullmatch(r"\w+/\w+\.py", name):
            assert (ROOT / "src" / "pipeline" / name).exists(), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_class_that_a_document_names_is_in_its_module(document: str) -> None:
    for span in code(document):
        if found := re.fullmatch(r"(\w+)\.([A-Z]\w+)", span):
            folder = ROOT / "src" / found[1]
            modules = [*(ROOT / "src").rglob(f"{found[1]}.py"), *folder.glob("__init__.py")]
            assert any(re.search(rf"\b{found[2]}\b", path.read_text("utf-8")) for path in modules), span


@pytest.mark.parametrize("document", PACKAGES)
def test_every_module_in_a_table_of_modules_is_there(document: str) -> None:
    there = {
        path.stem for name in PACKAGES[document] for path in (ROOT / "src/pipeline" / name).rglob("*.py")
    }
    table = re.search(r"^\|.* module \|.*\n(?:\|.*\n)+", text(f"docs/{document}.md"), re.M)
    assert table
    column = [head.strip() for head in table[0].splitlines()[0].split("|")].index("module")
    named = {
        name for row in table[0].splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[column])
    }
    assert named
    assert named <= there


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_a_readme_names_every_command_and_no_other(readme: str) -> None:
    assert set(re.findall(r"`wenshu ([a-z]+)", text(readme))) == {command.name for command in COMMANDS}


@pytest.mark.parametrize(
    "alike",
    [
        pytest.param(r"\]\(((?:docs|raw|benchmarks)/[^)]+)\)", id="links and pictures"),
        pytest.param(r"^##()", id="sections"),
        pytest.param(r"^ {4}(\[\w+\]|\w+ = (?!pd).+?|(?:make|wenshu) .+?)(?: +#.*)?$", id="settings"),
        pytest.param(r"^\| `(?:wenshu )?([a-z_]+(?:[/\\| ]+[a-z]+)*)", id="commands and folders"),
    ],
)
def test_the_two_readmes_say_the_same(alike: str) -> None:
    english, chinese = (re.findall(alike, text(name), re.M) for name in ("README.md", "README.zh.md"))
    assert english == chinese
    assert english


def test_the_two_readmes_give_the_same_exit_codes() -> None:
    english, chinese = (
        [re.findall(r"\b[012]\b", row) for row in re.findall(r"^\| `wenshu .*\|(.*)\|$", text(name), re.M)]
        for name in ("README.md", "README.zh.md")
    )
    assert english == chinese
    assert english[0] == ["0", "1", "2"]


def test_every_reason_and_every_collection_of_time_is_told() -> None:
    lines = (line.split("\t") for line in text("src/pipeline/statistics/cues.tsv").splitlines())
    said = {cells[1] for cells in lines if cells[0] in ("left_out", "collection")}
    assert said
    assert said <= code("docs/statistics.md")


def test_every_event_that_is_told_is_in_the_table_of_events() -> None:
    sources = [path for folder in ("src", "flows") for path in (ROOT / folder).rglob("*.py")]
    told = {
        name
        for path in sources
        for name in re.findall(r"\blog_event\(\s*\"([a-z_]+)\"", path.read_text(encoding="utf-8"))
    }
    table = text("docs/operations.md").partition("### Events")[2].partition("\n## ")[0]
    named = {
        name for row in re.findall(r"^\| (`.*?) \|", table, re.M) for name in re.findall(r"`(\w+)`", row)
    }
    assert told
    assert told <= named


def test_every_check_that_the_night_names_is_in_its_suite() -> None:
    named = [
        found for name in code("docs/nightly.md") if (found := re.fullmatch(r"([a-z]+)\.([a-z]+)", name))
    ]
    assert named
    for table, check in (found.groups() for found in named):
        assert f'"check": "{check}"' in text(f"expectations/{table}.json"), f"{table}.{check}"
